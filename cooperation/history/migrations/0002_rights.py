"""Who is in which group, and what a group and a person may do: tables of many-to-many fields.

They have no model of their own to declare a trigger in.
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
    ]

    operations = [
        migrations.RunSQL(
            f"CREATE TRIGGER recorded AFTER INSERT OR UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION history_record('')",
            f"DROP TRIGGER recorded ON {table}",
        )
        for table in TABLES
    ]
