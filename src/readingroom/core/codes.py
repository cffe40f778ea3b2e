"""The codes of all diagnostics; rules.toml says what each means."""

from enum import StrEnum


class Code(StrEnum):
    """The name of a kind of diagnostic, stable between releases."""

    # Files
    FILE_UNREADABLE = "file-unreadable"
    FILE_TOO_LARGE = "file-too-large"
    FILE_NOT_UTF8 = "file-not-utf8"
    FILE_MERGE_CONFLICT = "file-merge-conflict"
    FILE_NOT_FETCHED = "file-not-fetched"

    # YAML
    YAML_SYNTAX = "yaml-syntax"
    YAML_DUPLICATE_KEY = "yaml-duplicate-key"
    YAML_INVALID_KEY = "yaml-invalid-key"
    YAML_EMPTY_ENTRY = "yaml-empty-entry"
    YAML_ANCHOR = "yaml-anchor"
    YAML_TAG = "yaml-tag"
    YAML_SECOND_DOCUMENT = "yaml-second-document"
    YAML_TOO_DEEP = "yaml-too-deep"
    YAML_CONTROL_CHARACTER = "yaml-control-character"
    YAML_CUT_VALUE = "yaml-cut-value"

    # Keys and values
    KEY_UNKNOWN = "key-unknown"
    KEY_MISSING = "key-missing"
    VALUE_INVALID = "value-invalid"
    VALUE_TOO_LONG = "value-too-long"
    VALUE_DUPLICATE = "value-duplicate"
    DATE_INVALID = "date-invalid"
    TIME_INVALID = "time-invalid"
    LINK_INVALID = "link-invalid"

    # The group's file
    GROUP_FILE_MISSING = "group-file-missing"
    TIME_ZONE_UNKNOWN = "time-zone-unknown"
    LOCALE_UNKNOWN = "locale-unknown"
    DATE_FORMAT_INVALID = "date-format-invalid"
    LOGO_UNUSABLE = "logo-unusable"
    IGNORE_INVALID = "ignore-invalid"

    # Sessions
    FOLDER_NAME_INVALID = "folder-name-invalid"
    FOLDER_NAME_CLASH = "folder-name-clash"
    FOLDER_NUMBER_DUPLICATE = "folder-number-duplicate"
    FOLDER_WITHOUT_SESSION = "folder-without-session"
    FILE_NAME_UNPORTABLE = "file-name-unportable"
    SESSION_DATE_MISSING = "session-date-missing"
    SESSION_KIND_UNKNOWN = "session-kind-unknown"
    SESSION_CONTINUES_INVALID = "session-continues-invalid"
    SESSION_CLASH = "session-clash"
    SESSION_UNLISTED = "session-unlisted"
    SESSION_TIME_SKIPPED = "session-time-skipped"
    SESSION_WEEKDAY_UNUSUAL = "session-weekday-unusual"
    SESSION_RESOURCES_MISSING = "session-resources-missing"
    SESSION_TITLE_REPEATED = "session-title-repeated"
    SESSION_REVIEW = "session-review"
    READING_REPEATED = "reading-repeated"
    PERSON_LINKS_DIFFER = "person-links-differ"
    PERSON_NAMES_DIFFER = "person-names-differ"
    PERSON_NAMES_SIMILAR = "person-names-similar"
    LINK_UNSAFE = "link-unsafe"
    LINK_MALFORMED = "link-malformed"
    LINK_HOST_SUSPICIOUS = "link-host-suspicious"
    LINK_TO_FOLDER = "link-to-folder"
    TEXT_INVISIBLE_CHARACTER = "text-invisible-character"
    TEXT_MIXED_ALPHABETS = "text-mixed-alphabets"
    PRIVATE_EMAIL = "private-email"
    PRIVATE_PHONE = "private-phone"
    PRIVATE_PASSWORD = "private-password"  # noqa: S105 -- a code

    # Generated text and templates
    README_NAME_INVALID = "readme-name-invalid"
    README_HIDDEN = "readme-hidden"
    REGION_MARKER_INVALID = "region-marker-invalid"
    REGION_PLACE_INVALID = "region-place-invalid"
    REGION_EDITED = "region-edited"
    REGION_OCCUPIED = "region-occupied"
    PAGE_EDITED = "page-edited"
    PAGE_OCCUPIED = "page-occupied"
    PAGE_OBSOLETE = "page-obsolete"
    PAGE_EDIT_REFUSED = "page-edit-refused"
    ANNOUNCED_INVALID = "announced-invalid"
    ANNOUNCED_EDITED = "announced-edited"
    ANNOUNCED_NEWER = "announced-newer"
    ANNOUNCED_MISSING = "announced-missing"
    TEMPLATE_FAILED = "template-failed"
    TEMPLATE_UNUSED = "template-unused"
    TEMPLATE_BREAKS_REGION = "template-breaks-region"

    # Form, workflow and setup
    FORM_INVALID = "form-invalid"
    WORKFLOW_INVALID = "workflow-invalid"
    WORKFLOW_UNPINNED = "workflow-unpinned"
    SETUP_FILE_KEPT = "setup-file-kept"
    SETUP_FOLDER_UNSUITABLE = "setup-folder-unsuitable"

    # Changes to sessions
    SESSION_NOT_FOUND = "session-not-found"
    SESSION_CHANGE_REFUSED = "session-change-refused"

    # Import
    IMPORT_SKIPPED = "import-skipped"
    IMPORT_NOTHING_FOUND = "import-nothing-found"
    IMPORT_PAGE_EMPTY = "import-page-empty"
    IMPORT_PAGE_FORMAT = "import-page-format"
    IMPORT_COLUMN_UNKNOWN = "import-column-unknown"
    IMPORT_SERIES_UNKNOWN = "import-series-unknown"
    IMPORT_COLUMN_GUESSED = "import-column-guessed"
    IMPORT_UNDATED_LIST = "import-undated-list"
    IMPORT_DATE_UNCLEAR = "import-date-unclear"
    IMPORT_DATE_ASSUMED = "import-date-assumed"
    IMPORT_LINE_UNCERTAIN = "import-line-uncertain"
    IMPORT_PAGE_MARKUP = "import-page-markup"
    IMPORT_KIND_UNKNOWN = "import-kind-unknown"
    IMPORT_LINK_BROKEN = "import-link-broken"
    IMPORT_PAGE_DIFFERS = "import-page-differs"
    IMPORT_SECTION_UNMATCHED = "import-section-unmatched"
    IMPORT_TABLE_KEPT = "import-table-kept"
