"""Every exception to a budget or a ban, with its reason. One that is no longer needed makes a test fail."""

#: "file.py:function" → (lines allowed, reason)
LONG_FUNCTIONS: dict[str, tuple[int, str]] = {}

#: file → (lines allowed, reason)
LONG_FILES: dict[str, tuple[int, str]] = {}

#: template → (lines allowed, reason)
LONG_TEMPLATES: dict[str, tuple[int, str]] = {}

#: file → reason: may listen to a signal because the library offers no other way in
SIGNALS: dict[str, str] = {}

#: template → reason: carries a style or script of its own, or text that is not escaped
INLINE: dict[str, str] = {
    "templates/mfa/totp/activate_form.html": "the picture to scan is drawn by our own library, from no person's text",
}

#: file of a screen → reason: may ask the database itself
SCREENS_ASKING: dict[str, str] = {
    "web/shared/views.py": "the health check says whether the database answers",
    "web/shared/middleware.py": "a read whose connection was cut is done on a new one, unless it had written",
}

#: Words that are the same in every language.
NAMES = {"Attest"}

#: template → reason: has a form that is posted and names no state it was made from
FORMS_WITHOUT_STATE: dict[str, str] = {
    **dict.fromkeys(
        (
            "templates/account/email_change.html",
            "templates/account/email_confirm.html",
            "templates/account/login.html",
            "templates/account/logout.html",
            "templates/account/password_change.html",
            "templates/account/password_reset.html",
            "templates/account/password_reset_from_key.html",
            "templates/account/password_set.html",
            "templates/account/reauthenticate.html",
            "templates/mfa/authenticate.html",
            "templates/mfa/reauthenticate.html",
            "templates/mfa/recovery_codes/generate.html",
            "templates/mfa/snippets/ceremony.html",
            "templates/mfa/totp/activate_form.html",
            "templates/mfa/totp/deactivate_form.html",
            "templates/mfa/webauthn/add_form.html",
            "templates/mfa/webauthn/authenticator_confirm_delete.html",
            "templates/mfa/webauthn/edit_form.html",
            "templates/usersessions/usersession_list.html",
            "templates/components/person_menu.html",
        ),
        "one's own way in and out: the sign-in library asks for what it needs (password, code, the session itself)",
    ),
    "templates/web_account/invitation.html": "the secret in the address works once",
    "templates/web_account/preferences.html": "how one's own pages look: the last word counts",
    "templates/web_assessor/_stage.html": "notes that a file was shown: noted twice is noted once",
    "templates/web_learner/feedback_item.html": "notes that feedback was read: noted twice is noted once",
    "templates/web_learner/_view.html": "what comes first on one's own page: the last word counts",
    "templates/web_learner/_talk.html": "a line is added to a talk, whatever was said meanwhile",
    "templates/web_assessor/_about_versions.html": "a line is added to a talk, whatever was said meanwhile",
    "templates/web_centre/invite.html": "somebody new: who is here already is found by name and address",
    "templates/web_centre/register.html": "somebody new: who is here already is found by name, day of birth, number, address",
    "templates/web_centre/_import_file.html": "begins something new",
    "templates/web_centre/_import_paste.html": "begins something new",
    "templates/components/send_again.html": "carries all that was sent before, the state it was made from included",
}

#: view → reason: takes a post without `once`
POSTS_MORE_THAN_ONCE: dict[str, str] = {
    "web/account/views.py:address": "the latest wish for another address counts, and nothing changes before its letter",
    "web/account/views.py:confirm_address": "the secret in the address works once",
    "web/account/views.py:index": "how one's own pages look: saving it twice is saving it",
    "web/account/views.py:invitation": "the secret in the address works once",
    "web/assessor/views/assess.py:feedback_draft": "kept every few seconds: the last save counts",
    "web/assessor/views/assess.py:shown": "notes that a file was shown: noted twice is noted once",
    "web/assessor/views/countersign.py:shown": "notes that a file was shown: noted twice is noted once",
    "web/files/views.py:upload": "bytes take long; a file that comes twice is noticed by them",
    "web/learner/views/draft.py:add": "the files come after the words: what begins the draft is inside, once",
    "web/learner/views/draft.py:autosave": "the revision does what a key does elsewhere",
    "web/learner/views/feedback.py:feedback_read": "notes that feedback was read: noted twice is noted once",
    "web/learner/views/item.py:evidence": "the files come after the words: what keeps those is inside, once",
    "web/learner/views/units.py:keep_view": "what comes first on one's own page: saving it twice is saving it",
}
