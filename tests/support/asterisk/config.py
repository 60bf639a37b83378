"""The configuration of the test PBX: a pure function from a layout to file texts.

The PBX plays a small contact centre.  Callers come in over a trunk (recognised by the header
``X-Trunk``, because everything is 127.0.0.1 here) and dial

* ``700``: a spoken prompt, then the queue ``support`` (1001, 1002, 1003 in this order);
* ``701``: 1001 directly;
* ``702``: a spoken prompt, then 1001 directly;
* ``703``: the queue ``sales``, which rings 1001 and 1002 at once;
* ``704``: 1001 directly, who has two seconds to answer.

The agents' phones are named by their extensions, as FreePBX and most others do, and reach each other by them.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.support.asterisk.fetch import AsteriskTree

AGENTS: Final = ("1001", "1002", "1003")
TRUNK_TOKEN: Final = "ringdesk-live"
MANAGER_USER: Final = "ringdesk"

# Long enough for a loaded machine to show a pop, short enough to wait for in a test.
QUEUE_RING_S: Final = 4
QUEUE_WAIT_S: Final = 30
DIAL_RING_S: Final = 20
SHORT_RING_S: Final = 2

# Our name of a column to what the PBX writes there.
CEL_FIELDS: Final = {
    "kind": "${eventtype}",
    "at": "${eventtime}",
    "channel": "${CHANNEL(channame)}",
    "uniqueid": "${CHANNEL(uniqueid)}",
    "linkedid": "${CHANNEL(linkedid)}",
    "number": "${CALLERID(num)}",
    "name": "${CALLERID(name)}",
    "extension": "${CHANNEL(exten)}",
    "context": "${CHANNEL(context)}",
    "application": "${CHANNEL(appname)}",
    "data": "${CHANNEL(appdata)}",
    "extra": "${eventextra}",
}

# "u" asks for the raw value, which for times is the epoch with microseconds.
CDR_FIELDS: Final = {
    "number": "${CDR(src)}",
    "dialled": "${CDR(dst)}",
    "channel": "${CDR(channel)}",
    "destination": "${CDR(dstchannel)}",
    "started_at": "${CDR(start,u)}",
    "answered_at": "${CDR(answer,u)}",
    "ended_at": "${CDR(end,u)}",
    "disposition": "${CDR(disposition)}",
    "linkedid": "${CDR(linkedid)}",
}

# Only what the calls above need: a PBX that loads everything takes several times as long to boot.
_MODULES: Final = """
    res_timing_timerfd res_musiconhold res_cdrel_custom
    res_sorcery_config res_sorcery_memory res_sorcery_astdb
    res_pjproject res_pjsip res_pjsip_session res_pjsip_sdp_rtp res_pjsip_registrar
    res_pjsip_authenticator_digest res_pjsip_outbound_authenticator_digest
    res_pjsip_endpoint_identifier_ip res_pjsip_endpoint_identifier_user
    res_pjsip_caller_id res_pjsip_pubsub res_pjsip_refer res_pjsip_rfc3326
    res_pjsip_dlg_options res_pjsip_acl res_rtp_asterisk chan_pjsip
    codec_ulaw codec_gsm format_gsm format_pcm format_wav
    bridge_simple bridge_softmix bridge_builtin_features bridge_holding
    pbx_config app_dial app_playback app_queue app_stack app_confbridge
    func_callerid func_channel func_strings func_logic func_cdr
    cdr_custom cdr_manager cel_custom cel_manager
"""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where one PBX keeps its files, which ports it owns and which secrets it accepts."""

    base: Path
    manager_port: int
    sip_port: int
    rtp_first: int
    rtp_last: int
    manager_secret: str
    agent_secret: str
    token: str
    """Sent as SIP ``User-Agent``: tells this PBX from any other on the machine."""

    @property
    def etc(self) -> Path:
        return self.base / "etc"

    @property
    def log(self) -> Path:
        return self.base / "log"

    @property
    def cel_file(self) -> Path:
        return self.log / "cel-custom/events.csv"

    @property
    def cdr_file(self) -> Path:
        return self.log / "cdr-custom/calls.csv"


def write_configuration(layout: Layout, tree: AsteriskTree) -> None:
    """Make the folders and files from which the PBX of ``layout`` runs."""
    folders = ("etc", "run", "db", "lib", "keys", "cache", "agi", "spool/outgoing", "spool/tmp")
    for folder in folders:
        (layout.base / folder).mkdir(parents=True, exist_ok=True)
    for file in (layout.cel_file, layout.cdr_file):
        file.parent.mkdir(parents=True, exist_ok=True)
    for name, text in configuration(layout, tree).items():
        (layout.etc / name).write_text(text, encoding="utf-8")


def configuration(layout: Layout, tree: AsteriskTree) -> dict[str, str]:
    """File name in the configuration folder to its text."""
    return {
        "asterisk.conf": _asterisk(layout, tree),
        "modules.conf": _modules(),
        "manager.conf": _manager(layout),
        "pjsip.conf": _pjsip(layout),
        "extensions.conf": _extensions(),
        "queues.conf": _queues(),
        "rtp.conf": f"[general]\nrtpstart={layout.rtp_first}\nrtpend={layout.rtp_last}\n",
        "http.conf": "[general]\nenabled=no\n",
        "logger.conf": "[general]\n[logfiles]\nmessages.log => notice,warning,error,verbose\n",
        "musiconhold.conf": f"[default]\nmode=files\ndirectory={tree.data}/sounds/en\n",
        "indications.conf": _INDICATIONS,
        # No date format: times are then written as seconds and microseconds since the epoch.
        "cel.conf": f"[general]\nenable=yes\napps={_TRACED}\nevents=ALL\n[manager]\nenabled=yes\n",
        "cel_custom.conf": _csv_mapping(layout.cel_file, CEL_FIELDS),
        "cdr.conf": "[general]\nenable=yes\nunanswered=yes\n",
        "cdr_manager.conf": "[general]\nenabled=yes\n",
        "cdr_custom.conf": _csv_mapping(layout.cdr_file, CDR_FIELDS),
        "acl.conf": "",
        **dict.fromkeys(_EMPTY, "[general]\n"),
    }


def _csv_mapping(file: Path, columns: dict[str, str]) -> str:
    quoted = ",".join(f"${{CSV_QUOTE({expression})}}" for expression in columns.values())
    return f"[mappings]\n{file.name} => {quoted}\n"


# The applications whose start and end CEL tells: they say what a caller was doing.
_TRACED: Final = "playback,queue,dial"

_EMPTY: Final = (
    "features.conf",
    "confbridge.conf",
    "udptl.conf",
    "ccss.conf",
    "extconfig.conf",
    "sorcery.conf",
    "pjproject.conf",
    "stasis.conf",
)

_INDICATIONS: Final = """\
[general]
country=uk
[uk]
description=United Kingdom
ringcadence=400,200,400,2000
dial=350+440
busy=400/375,0/375
ring=400+450/400,0/200,400+450/400,0/2000
congestion=400/400,0/350,400/225,0/525
"""


def _asterisk(layout: Layout, tree: AsteriskTree) -> str:
    base = layout.base
    return f"""\
[directories]
astetcdir => {layout.etc}
astmoddir => {tree.modules}
astdatadir => {tree.data}
astsbindir => {tree.program.parent}
astvarlibdir => {base}/lib
astdbdir => {base}/db
astkeydir => {base}/keys
astcachedir => {base}/cache
astagidir => {base}/agi
astspooldir => {base}/spool
astrundir => {base}/run
astlogdir => {layout.log}
[options]
verbose = 3
nocolor = yes
hideconnect = yes
highpriority = no
"""


def _modules() -> str:
    lines = "".join(f"load => {name}.so\n" for name in _MODULES.split())
    return f"[modules]\nautoload=no\n{lines}"


def _manager(layout: Layout) -> str:
    return f"""\
[general]
enabled = yes
webenabled = no
bindaddr = 127.0.0.1
port = {layout.manager_port}
timestampevents = yes
[{MANAGER_USER}]
secret = {layout.manager_secret}
deny = 0.0.0.0/0.0.0.0
permit = 127.0.0.0/255.0.0.0
read = system,call,log,agent,user,dtmf,reporting,cdr,dialplan,security
write = system,call,agent,user,command,reporting,originate
writetimeout = 5000
"""


def _pjsip(layout: Layout) -> str:
    common = f"""\
[global]
type=global
user_agent={layout.token}
endpoint_identifier_order=header,username
[udp]
type=transport
protocol=udp
bind=127.0.0.1:{layout.sip_port}
[voice](!)
type=endpoint
disallow=all
allow=ulaw
direct_media=no
media_address=127.0.0.1
bind_rtp_to_media_address=yes
[trunk](voice)
context=inbound
trust_id_inbound=yes
identify_by=header
[trunk-by-header]
type=identify
endpoint=trunk
match_header=X-Trunk: {TRUNK_TOKEN}
"""
    return common + "".join(
        f"""\
[{agent}](voice)
context=agents
identify_by=username
auth={agent}
aors={agent}
callerid=Agent {number} <{agent}>
[{agent}]
type=auth
auth_type=userpass
username={agent}
password={layout.agent_secret}
[{agent}]
type=aor
max_contacts=1
remove_existing=yes
"""
        for number, agent in enumerate(AGENTS, start=1)
    )


def _extensions() -> str:
    return f"""\
[general]
static=yes
writeprotect=yes
[inbound]
exten => 700,1,Answer()
 same => n,Playback(hello-world)
 same => n,Queue(support,t,,,{QUEUE_WAIT_S})
 same => n,Hangup()
exten => 701,1,Dial(PJSIP/{AGENTS[0]},{DIAL_RING_S},t)
 same => n,Hangup(${{HANGUPCAUSE}})
exten => 702,1,Answer()
 same => n,Playback(hello-world)
 same => n,Dial(PJSIP/{AGENTS[0]},{DIAL_RING_S},t)
 same => n,Hangup()
exten => 704,1,Dial(PJSIP/{AGENTS[0]},{SHORT_RING_S},t)
 same => n,Hangup(${{HANGUPCAUSE}})
exten => 703,1,Answer()
 same => n,Queue(sales,t,,,{QUEUE_WAIT_S})
 same => n,Hangup()
[agents]
exten => _100X,1,Dial(PJSIP/${{EXTEN}},{DIAL_RING_S})
 same => n,Hangup(${{HANGUPCAUSE}})
"""


def _queues() -> str:
    def queue(name: str, strategy: str, agents: tuple[str, ...]) -> str:
        members = "".join(f"member => PJSIP/{agent},0,Agent {agent[-1]},PJSIP/{agent}\n" for agent in agents)
        return f"""\
[{name}]
strategy = {strategy}
timeout = {QUEUE_RING_S}
retry = 1
autofill = yes
ringinuse = no
joinempty = yes
{members}"""

    return (
        "[general]\npersistentmembers = no\nlog_membername_as_agent = yes\n"
        + queue("support", "linear", AGENTS)
        + queue("sales", "ringall", AGENTS[:2])
    )
