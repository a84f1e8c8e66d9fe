"""What can go wrong, one class a kind of error."""

from __future__ import annotations


class SohoaError(Exception):
    """Anything that went wrong; `kind` is the program's name for it, `remedy` says what can be done, or is None."""

    kind = "Defect"

    def __init__(self, message: str, remedy: str | None = None):
        super().__init__(f"{message}; {remedy}" if remedy else message)
        self.message = message
        self.remedy = remedy


class UnreadableError(SohoaError):
    """The input is not there, may not be read, or is empty."""

    kind = "Unreadable"


class UnsupportedError(SohoaError):
    """The input is of a kind that is not read."""

    kind = "Unsupported"


class DamagedError(SohoaError):
    """The input is a document, and damaged."""

    kind = "Damaged"


class EncryptedError(SohoaError):
    """The input is protected by a password."""

    kind = "Encrypted"


class TooLargeError(SohoaError):
    """It takes more memory than allowed."""

    kind = "TooLarge"


class ReadTimeout(SohoaError, TimeoutError):
    """It took longer than allowed."""

    kind = "Timeout"


class EngineMissingError(SohoaError):
    """The program, its recogniser, or a library that it needs is not installed."""

    kind = "EngineMissing"


class EngineFailedError(SohoaError):
    """The process that read ended early, twice."""

    kind = "EngineFailed"


_KINDS = {
    error.kind: error
    for error in (
        UnreadableError,
        UnsupportedError,
        DamagedError,
        EncryptedError,
        TooLargeError,
        ReadTimeout,
        EngineMissingError,
        EngineFailedError,
    )
}


def of(error: dict) -> SohoaError:
    """The exception for an error that the program tells of."""
    return _KINDS.get(error["kind"], SohoaError)(error["message"], error.get("remedy"))
