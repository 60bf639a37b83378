"""Consent to marketing as columns of a file: one for each channel (product.md 1.1, 1.7). Pure."""

from collections.abc import Collection, Mapping
from typing import Any, cast

from ringdesk.features.customers.field_types import CHANNELS
from ringdesk.features.customers.imports.headings import plain, words
from ringdesk.features.customers.imports.schemas import OnDuplicate
from ringdesk.kit.fields import NO, YES, Refusal
from ringdesk.kit.folding import fold

CONSENT = "consent."
"""Before the name of a channel."""
CONSENT_FIELDS = tuple(CONSENT + channel for channel in CHANNELS)

_CHANNEL_OF = {
    word: channel
    for channel, names in {
        "voice": "voice|phone|telephone|call|calls|telefon|samtal|telefonsamtal|anruf|anrufe|電話",
        "email": "email|emails|mail|epost|mejl|newsletter|nyhetsbrev|メール|eメール",
        "sms": "sms|text|texts|smsmarketing|ショートメッセージ",
        "chat": "chat|chatt|チャット",
        "social": "social|sociala|soziale|ソーシャル|sns",
        "video": "video|ビデオ",
        "web": "web|webb|ウェブ",
    }.items()
    for word in words(names)
}
_AGREES = words(
    "consent|consents|consented|permission|permissions|agreed|agrees|accepts|accepted|optin|opted|subscribed|samtycke|godkänner"
    "|einwilligung|zustimmung|同意|許可"
)
# Words that may stand beside. A heading with any other (“opted out”, “date”, “source”) is about something else.
_BESIDE = words(
    "marketing|direct|to|for|by|via|per|in|the|media|messages|messaging|marknadsföring|till|för|genom|medier|werbung|zur|für|an|medien"
    "|マーケティング|の|配信"
)
# Beside what every yes-or-no field reads: Excel writes TRUE in its own language.
_YES = words("y|ja|j|x|on|oui|si|wahr|sant|opted in|opt in|subscribed|agreed|accepted|granted|consented|はい|有|あり|同意|同意する|○|〇")
_NO = words(
    "n|nej|nein|off|non|falsch|falskt|opted out|opt out|unsubscribed|not subscribed|refused|declined|denied|withdrawn"
    "|いいえ|無|なし|同意しない|×|✕"
)


def channel_of(header: str) -> str | None:
    """The channel for which a column tells consent, as its heading says; None where it is about something else."""
    said = plain(header).replace("e mail", "email").replace("e post", "epost").replace("opt in", "optin").split()
    if len(said) == 1 and not said[0].isascii():
        # Written without blanks.
        found = {channel for word, channel in _CHANNEL_OF.items() if word in said[0]}
        agrees = any(word in said[0] for word in _AGREES)
    else:
        found = {_CHANNEL_OF[word] for word in said if word in _CHANNEL_OF}
        agrees = not _AGREES.isdisjoint(said) and set(said) <= _CHANNEL_OF.keys() | _AGREES | _BESIDE
    return found.pop() if agrees and len(found) == 1 else None


def parse(value: object, _: str) -> bool | None:
    """Whether a cell agrees. Raises Refusal."""
    word = fold(cast("str", value)).strip()
    if word in YES or word in _YES:
        return True
    if word in NO or word in _NO:
        return False
    if not word:
        return None
    raise Refusal("not_a_bool", "Write yes or no; leave the cell empty where nobody was asked.")


def given(values: dict[str, Any]) -> dict[str, bool]:
    """What a row says of each channel, taken out of its values."""
    return {field[len(CONSENT) :]: values.pop(field) for field in CONSENT_FIELDS if field in values}


def overwritten(had: Mapping[str, bool], row: Mapping[str, bool], fields: Collection[str], action: OnDuplicate) -> dict[str, bool]:
    """What a card says after a row. A no is an answer as a yes is: `fill` changes neither."""
    after = dict(had)
    for channel in CHANNELS:
        if CONSENT + channel not in fields:
            continue
        if channel in row:
            if action != "fill" or channel not in had:
                after[channel] = row[channel]
        elif action == "replace":
            after.pop(channel, None)
    return after
