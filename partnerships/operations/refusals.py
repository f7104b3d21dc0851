"""Why a step cannot be taken now. Whether a person may take it is another question (NotAllowed)."""


class NotPossible(Exception):
    """The state does not allow this step; `str()` is a sentence for the reader."""


class ChangedMeanwhile(Exception):
    """Somebody else saved in between; `str()` is a sentence, `current` what is kept now."""

    def __init__(self, sentence: str, current: object) -> None:
        super().__init__(sentence)
        self.current = current
