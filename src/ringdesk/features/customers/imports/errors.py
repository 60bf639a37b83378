"""What can go wrong with an import as a whole. What is wrong with one row goes to the file of refused rows."""

from ringdesk.kit.problems import FieldError, NotFound, Problem


class UnusableFile(Problem):
    """The file can't be imported at all."""

    slug = "unusable_file"
    status = 422
    title = "The file cannot be imported"

    def __init__(self, code: str, message: str, *, field: str = "file") -> None:
        super().__init__(message, errors=[FieldError(field, code, message)])
        self.code = code


class BadMapping(Problem):
    """The mapping of columns to fields can't be used."""

    slug = "bad_mapping"
    status = 422
    title = "The columns cannot be mapped like this"


class UnusableKey(Problem):
    """Duplicates can't be recognised, or dealt with, in the way that was asked for."""

    slug = "unusable_key"
    status = 422
    title = "Duplicates cannot be recognised like this"

    def __init__(self, field: str, code: str, message: str) -> None:
        super().__init__(message, errors=[FieldError(field, code, message)])


class ImportNotFound(NotFound):
    """No import has this id."""

    slug = "import_not_found"
    title = "There is no such import"


class WrongState(Problem):
    """The import is in a state that doesn't allow this."""

    slug = "import_state"
    status = 409
    title = "The import cannot do that now"


class NoRefusedRows(NotFound):
    """The import refused nothing, so there is no file of refused rows."""

    slug = "no_refused_rows"
    title = "No row was refused"
