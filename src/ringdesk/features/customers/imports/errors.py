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
