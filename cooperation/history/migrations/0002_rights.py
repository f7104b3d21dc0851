"""Who is in which group, what a group and a person may do, and that a second factor came or went.

Tables of many-to-many fields and of allauth: they have no model of ours to declare a trigger in.
"""

from django.db import migrations

TABLES = (
    "accounts_user_groups",
    "accounts_user_user_permissions",
    "auth_group",
    "auth_group_permissions",
)


class Migration(migrations.Migration):
    dependencies = [
        ("history", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("accounts", "0001_initial"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]

    operations = [
        migrations.RunSQL(
            f"CREATE TRIGGER recorded AFTER INSERT OR UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION history_record('')",
            f"DROP TRIGGER recorded ON {table}",
        )
        for table in TABLES
    ] + [
        # never the secret, nor each use of it
        migrations.RunSQL(
            "CREATE TRIGGER recorded AFTER INSERT OR UPDATE OR DELETE ON mfa_authenticator"
            " FOR EACH ROW EXECUTE FUNCTION history_record('', 'data', 'last_used_at')",
            "DROP TRIGGER recorded ON mfa_authenticator",
        )
    ]
