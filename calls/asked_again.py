"""Which of this app's pages ask again who is there: they decide, publish, or take applications out."""

from cooperation.accounts.asking_again import ask_again_before

DECIDING = (
    "admin:calls_application_approve",
    "admin:calls_call_approve_list",
    "admin:calls_call_approve_one",
    "admin:calls_call_publish_results",
    "admin:calls_call_replace",
    "admin:calls_call_side_vote",
    "admin:calls_call_setup_publish",
    "admin:calls_call_pairing_publish",
)
TAKING_OUT = (
    "admin:calls_application_export",
    "admin:calls_application_export_file",
    "admin:calls_call_selection_export",
    "admin:calls_call_pairing_download",
)


def register() -> None:
    """Name them to whoever asks."""
    ask_again_before(*DECIDING)
    ask_again_before(*TAKING_OUT, reading=True)
