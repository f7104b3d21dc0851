"""The table at the end of a session that ran faults: what each cost."""

from typing import Any

COLUMNS = ("rounds", "lost", "doubled", "uncertain", "again")


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Sum what the tests noted; with processes side by side their reports bring it along."""
    sums: dict[str, list[int]] = {}
    for reports in terminalreporter.stats.values():
        for report in reports:
            for name, noted in getattr(report, "user_properties", ()):
                if name == "fault" and getattr(report, "when", "") == "call":
                    row = sums.setdefault(noted["fault"], [0] * len(COLUMNS))
                    row[:] = [total + noted[column] for total, column in zip(row, COLUMNS, strict=True)]
    if sums:
        terminalreporter.write_sep("=", "faults")
        terminalreporter.write_line("".join([f"{'':44}", *(f"{column:>10}" for column in COLUMNS)]))
    for fault, row in sorted(sums.items(), key=lambda item: (len(item[0].split()[0]), item[0])):
        terminalreporter.write_line("".join([f"{fault:44}", *(f"{number:>10}" for number in row)]))
