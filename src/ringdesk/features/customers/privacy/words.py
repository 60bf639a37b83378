"""What the parts of a dossier are called, in the languages of the desktop. A name that isn't here is written as it is."""

from typing import Literal

Language = Literal["en", "sv", "ja"]

_PLACE: dict[Language, int] = {"en": 0, "sv": 1, "ja": 2}

# name in the data | English | Swedish | Japanese
_TABLE = """
card|Card|Kundkort|顧客カード
none|None.|Inga.|なし
yes|yes|ja|はい
no|no|nej|いいえ
interactions|Conversations|Samtal och kontakter|応対
requests|Requests|Ärenden|リクエスト
moves|Moves|Flyttar|移動
merges|Merged cards|Sammanslagna kort|統合されたカード
changes|Changes of the card|Ändringar av kortet|カードの変更
activities|Parts|Delar|内訳
comments|Comments|Kommentarer|コメント
recordings|Recordings|Inspelningar|録音
number|Number|Nummer|番号
version|Version|Version|版
kind|Kind|Typ|種別
first_name|First name|Förnamn|名
last_name|Last name|Efternamn|姓
company_name|Company|Företag|会社名
display_name|Shown name|Visat namn|表示名
phone_1|Phone 1|Telefon 1|電話 1
phone_2|Phone 2|Telefon 2|電話 2
phone_3|Phone 3|Telefon 3|電話 3
phone_4|Phone 4|Telefon 4|電話 4
phone_5|Phone 5|Telefon 5|電話 5
email|E-mail|E-post|メール
addresses|Addresses|Adresser|住所
street|Street|Gata|町名・番地
city|City|Ort|市区町村
region|Region|Region|都道府県
postcode|Postcode|Postnummer|郵便番号
country|Country|Land|国
primary|Primary|Huvudadress|主要
preferred_language|Language|Språk|言語
consent|Marketing consent|Samtycke till marknadsföring|マーケティング同意
attributes|Further fields|Egna fält|その他の項目
field|Field|Fält|項目
label|Name|Namn|名称
value|Value|Värde|値
normalised|Compared as|Jämförs som|照合用
confidence|Certainty|Säkerhet|確度
position|Position|Plats|順番
attribute|From field|Från fältet|元の項目
identities|Numbers and addresses|Nummer och adresser|連絡先
external_id|Id in the other system|Id i det andra systemet|他システムの ID
created_at|Created|Skapad|作成日時
updated_at|Changed|Ändrad|更新日時
archived_at|Archived|Arkiverad|アーカイブ日時
last_contact|Last contact|Senaste kontakt|最終連絡
at|Time|Tid|日時
by|By|Av|担当
author|Author|Författare|記入者
text|Text|Text|本文
channel|Channel|Kanal|チャネル
direction|Direction|Riktning|方向
ani|Customer's number|Kundens nummer|お客様の番号
dnis|Our number|Vårt nummer|当社の番号
queue|Queue|Kö|キュー
caller_name|Caller's name|Uppringarens namn|発信者名
started_at|Began|Började|開始
answered_at|Answered|Besvarades|応答
ended_at|Ended|Slutade|終了
finished_at|Finished|Avslutad|完了
closed_at|Closed|Stängt|クローズ日時
undone_at|Undone|Ångrad|取り消し日時
duration_s|Seconds|Sekunder|秒数
type|Type|Typ|種類
state|State|Läge|状態
status|Status|Status|ステータス
result|Result|Resultat|結果
outcome|Outcome|Utfall|結果
campaign|Campaign|Kampanj|キャンペーン
recording|Recording|Inspelning|録音
source|From system|Från systemet|送信元システム
call_type|Kind of call|Samtalstyp|通話種別
agent_name|Agent|Agent|担当者
team_name|Team|Team|チーム
extension|Extension|Anknytning|内線
media_type|Medium|Medium|メディア
tags|Tags|Taggar|タグ
fields|Fields|Fält|項目
code|Code|Kod|コード
inherited|Inherited|Ärvd|引き継ぎ
wrap_up_until|Wrap-up until|Efterarbete till|後処理の期限
title|Title|Titel|件名
description|Description|Beskrivning|説明
owner|Owner|Ansvarig|担当者
due_at|Due|Förfaller|期限
due_on|Due|Förfaller|期限
priority|Priority|Prioritet|優先度
closing_reason|Closing reason|Orsak till stängning|クローズ理由
reason|Reason|Orsak|理由
what|What|Vad|内容
before|Before|Före|変更前
after|After|Efter|変更後
name|Name|Namn|名前
moved|Moved|Flyttat|移動したもの
bytes|Bytes|Byte|バイト
file|File|Fil|ファイル
address|Address|Adress|アドレス
voice|voice|telefon|電話
sms|SMS|SMS|SMS
chat|chat|chatt|チャット
social|social media|sociala medier|SNS
video|video|video|ビデオ
web|web|webb|ウェブ
event|event|händelse|イベント
inbound|inbound|inkommande|着信
outbound|outbound|utgående|発信
internal|internal|internt|内線
transfer|transfer|vidarekoppling|転送
conference|conference|konferens|会議
consult|consultation|förfrågan|相談
answered|answered|besvarat|応答済み
abandoned|abandoned|övergivet|放棄
not_accepted|not accepted|inte mottaget|未応答
ivr_only|recorded voice only|endast talsvar|自動応答のみ
busy|busy|upptaget|話中
no_answer|no answer|inget svar|応答なし
failed|failed|misslyckat|失敗
ended|ended|avslutad|終了
in_progress|in progress|pågår|進行中
agent|agent|agent|担当者
message|message|meddelande|メッセージ
ivr|recorded voice|talsvar|自動応答
wrap_up|wrap-up|efterarbete|後処理
campaign_attempt|campaign attempt|kampanjförsök|キャンペーン発信
person|person|person|個人
company|company|företag|法人
phone|phone|telefon|電話
known|confirmed|bekräftad|確認済み
maybe|unconfirmed|obekräftad|未確認
active|active|aktivt|対応中
closed|closed|stängt|クローズ
"""
_HEADING: dict[Language, str] = {
    "en": "Everything kept about customer no. {number}, put together on {at} UTC by {by}.",
    "sv": "Allt som finns om kund nr {number}, sammanställt {at} UTC av {by}.",
    "ja": "お客様番号 {number} について保存されているすべての情報（{at} UTC、{by} が作成）",
}
_WORDS: dict[str, tuple[str, ...]] = {line.split("|")[0]: tuple(line.split("|")[1:]) for line in _TABLE.strip().splitlines()}

ENUMERATED = frozenset(
    {"kind", "channel", "direction", "type", "state", "status", "result", "call_type", "media_type", "confidence", "last_contact_channel"}
)
"""Names of parts whose values are words of ours, not a person's."""


def word(name: str, language: Language) -> str | None:
    """What is meant by a name, None where it has no word."""
    found = _WORDS.get(name)
    return found[_PLACE[language]] if found else None


def heading(language: Language, *, number: object, at: str, by: str) -> str:
    """The line below the customer's name."""
    return _HEADING[language].format(number=number, at=at, by=by)
