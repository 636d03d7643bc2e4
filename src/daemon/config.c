/* The configuration: one table of keys, read once at start.
 *
 * Owns nothing after cv_config_load() returned. Main thread, before the main loop runs. Knows only form and bounds: what a
 * key means, and whether a certificate fits, is for those who use it.
 */
#include "daemon/config.h"

#include "daemon/config-key.h"
#include "daemon/config-logo.h"
#include "daemon/config-values.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

/* of HS256: as many as its hash has */
#define MIN_TICKET_SECRET 32
#define MAX_SECRET_BYTES 1024
#define MAX_SERVERS 8
#define MAX_PUBLIC_ADDRESSES 8
#define MAX_EMBED_ORIGINS 16
#define MAX_METRICS_FROM 64
#define MAX_REFUSED 100
#define MAX_SIP_LISTEN 8
#define MAX_NUMBERS 8
#define MAX_REGISTRARS 4
#define MAX_TRUNK_ADDRESSES 64
#define MAX_OIDC_GROUPS 64
#define MAX_OIDC_DOMAINS 64

/* the group of a trunk, [sip-trunk NAME] */
#define TRUNK CV_CONFIG_TRUNK_GROUP
#define TRUNK_PREFIX TRUNK " "

G_DEFINE_QUARK (cv_config_error, cv_config_error)

/* ---- The table ---- */

static const char *const LOG_LEVELS[] = { "debug", "info", "notice", "warning", NULL };
static const char *const LANGUAGES[] = { "en", "de", "fr", "nl", NULL };
static const char *const PROXIES[] = { "none", "loopback", NULL };
static const char *const SECURITIES[] = { "off", "prefer", "require", NULL };
static const char *const STRANGERS[] = { "refuse", "silent", NULL };
static const char *const MEDIA_KINDS[] = { "boardroom", "classroom", NULL };

#define LISTEN_FORM "ADDRESS:PORT (IPv6 in brackets), localhost:PORT or unix:/PATH"
#define ADDRESS_FORM "an IPv4 or IPv6 address"
#define MAIL_SERVER_FORM "smtp://HOST, smtps://HOST, with :PORT if needed"
#define ORIGIN_FORM "https://HOST or https://HOST:PORT in small letters, or http://localhost:PORT"
#define PORTS_FORM "MIN-MAX, from 1024 to 65535, or 0"
#define NUMBER_FORM "a number with spaces, brackets and dashes, or sip:USER@HOST"
#define REGISTRAR_FORM "sip: or sips:, a host, :PORT and ;transport=udp, tcp or tls if needed"
#define LINK_FORM "https://HOST and what follows, or mailto:ADDRESS"
#define ISSUER_FORM                                                                                                    \
  "https://HOST with a port and a path if needed, or http:// and a loopback address, and nothing behind"
#define CLAIM_FORM "1 to 100 letters, digits, and . _ : / -"
#define NETWORK_FORM "ADDRESS or ADDRESS/BITS"
#define AT(member) G_STRUCT_OFFSET (CvConfig, member)
#define AT_TRUNK(member) G_STRUCT_OFFSET (CvConfigTrunk, member)

/* Of CvConfig; those of group "sip-trunk" are of each CvConfigTrunk. */
static const CvConfigKey KEYS[] = {
  { "server", "listen", CV_VALUE_TEXT, AT (listen), "127.0.0.1:8443",
    "Where to listen: " LISTEN_FORM ". Port 0 takes any free one.", .is_valid = cv_value_is_listen,
    .allowed = LISTEN_FORM },
  { "server", "public-url", CV_VALUE_TEXT, AT (public_url), "",
    "How browsers reach this server: https://HOST or https://HOST:PORT.\n"
    "Empty: as the request says, which only suits trying it out.",
    .is_valid = cv_value_is_public_url, .allowed = "https://HOST or https://HOST:PORT without a path" },
  { "server", "embed-origins", CV_VALUE_LIST, AT (embed_origins), "",
    "Whose pages may show rooms of this server within themselves, for example https://intranet.example.org.\n"
    "Empty: nobody's.",
    .max = MAX_EMBED_ORIGINS, .is_valid = cv_value_is_origin, .allowed = ORIGIN_FORM },
  { "server", "tls", CV_VALUE_BOOL, AT (tls), "true",
    "HTTPS. false is for a proxy on this machine: only where listen is a loopback address or a Unix socket." },
  { "server", "certificate-file", CV_VALUE_FILE, AT (certificate_file), "",
    "Certificate chain and key, PEM. Empty: a self-signed one in the state directory, made at the first start." },
  { "server", "key-file", CV_VALUE_FILE, AT (key_file), "", NULL },
  { "server", "trusted-proxy", CV_VALUE_CHOICE, AT (trusted_proxy), "none",
    "Whose X-Forwarded-For is believed: none, or loopback for a proxy on this machine.", .choices = PROXIES },
  { "server", "max-sockets", CV_VALUE_NUMBER, AT (max_sockets), "5000", "WebSockets in all.", 1, 100000 },
  { "server", "max-connections-per-address", CV_VALUE_NUMBER, AT (max_connections_per_address), "200",
    "Connections of one address. A company behind one address needs one for each of its people.", 1, 100000 },
  { "server", "metrics-from", CV_VALUE_LIST, AT (metrics_from), "127.0.0.0/8;::1",
    "Who may read /metrics, the server's numbers for Prometheus: addresses or networks. To others it is not there.\n"
    "Empty: nobody, but for the admin socket.",
    .max = MAX_METRICS_FROM, .is_valid = cv_value_is_network, .allowed = NETWORK_FORM },
  { "server", "language", CV_VALUE_CHOICE, AT (language), "en",
    "The language of what the server writes: summaries of meetings, e-mails, words in films. en, de, fr or nl.",
    .choices = LANGUAGES },
  { "server", "log-level", CV_VALUE_CHOICE, AT (log_level), "info",
    "The slightest level that is logged: debug, info, notice or warning.", .choices = LOG_LEVELS },
  { "server", "drain-seconds", CV_VALUE_NUMBER, AT (drain_seconds), "0",
    "How long meetings may go on when the server is told to end, while nobody new comes in. 0: it ends at once.", 0,
    86400 },

  { "rooms", "anyone-may-create", CV_VALUE_BOOL, AT (anyone_may_create), "false",
    "Whether visitors may make rooms. false: only conclavectl on this machine may." },
  { "rooms", "seat-seconds", CV_VALUE_NUMBER, AT (seat_seconds), "60",
    "How long a seat is kept for someone whose connection is lost.", 1, 600 },
  { "rooms", "empty-seconds", CV_VALUE_NUMBER, AT (empty_seconds), "60",
    "How long a meeting goes on after its last person left.", 1, 600 },

  { "branding", "name", CV_VALUE_TEXT, AT (brand_name), "",
    "What pages, summaries and e-mails call this server. Empty: Conclave.", .is_valid = cv_value_is_name,
    .allowed = "a line of at most 60 characters" },
  { "branding", "logo-file", CV_VALUE_TEXT, AT (brand_logo_file), "",
    "A picture in place of our mark: SVG or PNG, at most 256 KiB. Empty: our mark.", .is_valid = g_path_is_absolute,
    .allowed = "an absolute path" },
  { "branding", "accent", CV_VALUE_TEXT, AT (brand_accent), "",
    "The colour of buttons and links, #RRGGBB. Where text in it could not be read, the nearest that can be is used.",
    .is_valid = cv_value_is_colour, .allowed = "a colour of the form #RRGGBB" },
  { "branding", "imprint", CV_VALUE_TEXT, AT (imprint), "",
    "Links at the foot of pages, summaries and e-mails: https:// or mailto:. Empty: none.",
    .is_valid = cv_value_is_link, .allowed = LINK_FORM },
  { "branding", "privacy", CV_VALUE_TEXT, AT (privacy), "", NULL, .is_valid = cv_value_is_link, .allowed = LINK_FORM },
  { "branding", "terms", CV_VALUE_TEXT, AT (terms), "", NULL, .is_valid = cv_value_is_link, .allowed = LINK_FORM },

  { "turn", "servers", CV_VALUE_LIST, AT (servers), "",
    "TURN servers for those whose network lets nothing through directly, for example\n"
    "turn:%h:3478;turns:%h:5349?transport=tcp where %h is the host that the browser asked for.",
    .max = MAX_SERVERS, .is_valid = cv_value_is_turn_url,
    .allowed = "turn: or turns:, a host or %h, :PORT and ?transport=udp or tcp if needed" },
  { "turn", "secret-file", CV_VALUE_FILE, AT (secret_file), "",
    "A file with the secret shared with them (coturn: static-auth-secret), not readable by others.\n"
    "A name without a leading / is looked up in the service's credentials (systemd: LoadCredential)." },
  { "turn", "lifetime-seconds", CV_VALUE_NUMBER, AT (lifetime_seconds), "3600",
    "How long credentials for them are valid.", 60, 3600 },
  { "turn", "relay-only", CV_VALUE_BOOL, AT (relay_only), "false",
    "true: all media go through TURN, so that people do not learn each other's addresses." },

  { "media", "listen", CV_VALUE_LIST, AT (media_listen), "",
    "Where the media of Boardrooms and Classrooms are received (UDP): an IPv4 and an IPv6 address at most.\n"
    "Empty: all addresses, or the server's own where that is a loopback address.",
    .max = 2, .is_valid = cv_value_is_address, .allowed = ADDRESS_FORM },
  { "media", "public-address", CV_VALUE_LIST, AT (public_addresses), "",
    "The addresses that browsers are told, where a NAT passes the ports on to this machine.\n"
    "Empty: this machine's own.",
    .max = MAX_PUBLIC_ADDRESSES, .is_valid = cv_value_is_address, .allowed = ADDRESS_FORM },
  { "media", "ports", CV_VALUE_TEXT, AT (ports), "40000-40999",
    "The UDP ports, one for each meeting: " PORTS_FORM " for any free one.", .is_valid = cv_value_is_ports,
    .allowed = PORTS_FORM },
  { "media", "warm-spares", CV_VALUE_NUMBER, AT (warm_spares), "1",
    "Media processes that are started in advance, so that nobody waits for one.", 0, 16 },

  { "sip", "listen", CV_VALUE_LIST, AT (sip.listen), "",
    "Where calls by phone come in: udp:ADDRESS:PORT, tcp:… or tls:…. Empty: nobody can call.", .max = MAX_SIP_LISTEN,
    .is_valid = cv_value_is_sip_listen, .allowed = "udp:, tcp: or tls: and ADDRESS:PORT (IPv6 in brackets)" },
  { "sip", "numbers", CV_VALUE_LIST, AT (sip.own.numbers), "",
    "What people dial to get here, as invitations show it, for example +49 30 1234567.", .max = MAX_NUMBERS,
    .is_valid = cv_value_is_phone_number, .allowed = NUMBER_FORM },
  { "sip", "registrars", CV_VALUE_LIST, AT (sip.own.registrars), "",
    "Where to register, one after another: sip:HOST or sips:HOST, with :PORT and ;transport= if needed.\n"
    "Empty: calls come from trunk-addresses without.",
    .max = MAX_REGISTRARS, .is_valid = cv_value_is_registrar, .allowed = REGISTRAR_FORM },
  { "sip", "user", CV_VALUE_TEXT, AT (sip.own.user), "", "The name to register with; needed where registrars are." },
  { "sip", "password-file", CV_VALUE_FILE, AT (sip.own.password_file), "",
    "A file with its password, not readable by others.\n"
    "A name without a leading / is looked up in the service's credentials." },
  { "sip", "expires-seconds", CV_VALUE_NUMBER, AT (sip.own.expires), "300", "How long a registration is asked for.", 60,
    86400 },
  { "sip", "trunk-addresses", CV_VALUE_LIST, AT (sip.own.addresses), "",
    "From where calls are taken: addresses or networks. Empty: from where the registration was taken.",
    .max = MAX_TRUNK_ADDRESSES, .is_valid = cv_value_is_network, .allowed = NETWORK_FORM },
  { "sip", "unknown-callers", CV_VALUE_CHOICE, AT (sip.strangers), "refuse",
    "What others get: refuse (403) or silent, nothing at all.", .choices = STRANGERS },
  { "sip", "external-address", CV_VALUE_TEXT, AT (sip.external), "",
    "The address that trunks are told, where a NAT passes the ports on to this machine. Needed where listen or\n"
    "rtp-address is 0.0.0.0 or [::].",
    .is_valid = cv_value_is_address, .allowed = ADDRESS_FORM },
  { "sip", "rtp-address", CV_VALUE_TEXT, AT (sip.rtp_address), "",
    "Where the sound of calls is received (UDP). Empty: the first address of listen.", .is_valid = cv_value_is_address,
    .allowed = ADDRESS_FORM },
  { "sip", "rtp-ports", CV_VALUE_TEXT, AT (sip.rtp_ports), "41000-41999", "The UDP ports, two for each call: MIN-MAX.",
    .is_valid = cv_value_is_ports, .allowed = "MIN-MAX, from 1024 to 65535" },
  { "sip", "security", CV_VALUE_CHOICE, AT (sip.security), "prefer",
    "Whether sound is encrypted (SRTP, by DTLS, or by SDES over tls): off, prefer or require.", .choices = SECURITIES },
  { "sip", "ca-file", CV_VALUE_TEXT, AT (sip.ca_file), "/etc/ssl/certs/ca-certificates.crt",
    "Whose certificates are believed over tls and sips:.", .is_valid = g_path_is_absolute,
    .allowed = "an absolute path" },
  { "sip", "pin-in-number", CV_VALUE_BOOL, AT (sip.pin_in_number), "false",
    "true: who dials a PIN as the number need not type it; it stands in other people's logs then." },
  { "sip", "prompts", CV_VALUE_TEXT, AT (sip.prompts), "",
    "Where that is, LANGUAGE/NAME.wav. Empty: /etc/conclave/prompts if it is there, else what belongs to this server.",
    .is_valid = g_path_is_absolute, .allowed = "an absolute path" },
  { "sip", "max-calls", CV_VALUE_NUMBER, AT (sip.max_calls), "200", "Calls at once.", 1, 1000 },
  { "sip", "max-calls-per-source", CV_VALUE_NUMBER, AT (sip.max_calls_per_source), "20",
    "Calls of one number at once, and of all who withhold theirs.", 1, 1000 },
  { "sip", "max-calls-per-room", CV_VALUE_NUMBER, AT (sip.max_calls_per_room), "50", "Calls in one room.", 1, 400 },
  { "sip", "invites-per-second", CV_VALUE_NUMBER, AT (sip.invites_per_second), "10",
    "Attempts to call, from one address.", 1, 100 },
  { "sip", "keep-days", CV_VALUE_NUMBER, AT (sip.keep_days), "90",
    "How long it is kept who called, without any sound. 0: for ever.", 0, 36500 },

  { TRUNK, "numbers", CV_VALUE_LIST, AT_TRUNK (numbers), "",
    "Another trunk; 16 in all. What people dial to get here: invitations show numbers of [sip] first.",
    .max = MAX_NUMBERS, .is_valid = cv_value_is_phone_number, .allowed = NUMBER_FORM },
  { TRUNK, "registrars", CV_VALUE_LIST, AT_TRUNK (registrars), "", "This and what follows: as in [sip].",
    .max = MAX_REGISTRARS, .is_valid = cv_value_is_registrar, .allowed = REGISTRAR_FORM },
  { TRUNK, "user", CV_VALUE_TEXT, AT_TRUNK (user), "", NULL },
  { TRUNK, "password-file", CV_VALUE_FILE, AT_TRUNK (password_file), "", NULL },
  { TRUNK, "trunk-addresses", CV_VALUE_LIST, AT_TRUNK (addresses), "", NULL, .max = MAX_TRUNK_ADDRESSES,
    .is_valid = cv_value_is_network, .allowed = NETWORK_FORM },
  { TRUNK, "expires-seconds", CV_VALUE_NUMBER, AT_TRUNK (expires), "300", "How long a registration is asked for.", 60,
    86400 },
  { TRUNK, "max-calls", CV_VALUE_NUMBER, AT_TRUNK (max_calls), "200", "Calls at once over this trunk.", 1, 1000 },

  { "recording", "directory", CV_VALUE_TEXT, AT (recordings), "",
    "Where recordings are kept. Empty: recordings in the state directory.", .is_valid = g_path_is_absolute,
    .allowed = "an absolute path" },
  { "recording", "keep-days", CV_VALUE_NUMBER, AT (keep_days), "0",
    "After how many days a recording is deleted, where its room does not say so. 0: never.", 0, 36500 },
  { "recording", "warn-below-percent", CV_VALUE_NUMBER, AT (warn_below_percent), "10",
    "Hosts who record are warned when less than this much of the disk is free.", 0, 100 },
  { "recording", "stop-below-percent", CV_VALUE_NUMBER, AT (stop_below_percent), "2",
    "Recordings are stopped when less than this much of the disk is free; the call goes on.", 0, 100 },
  { "recording", "stop-below-bytes", CV_VALUE_NUMBER, AT (stop_below_bytes), "1073741824", "The same in bytes.", 0,
    G_MAXUINT },
  { "recording", "renders", CV_VALUE_NUMBER, AT (renders), "1",
    "Recordings that are rendered at once; they take what processor time is left over.", 1, 16 },
  { "recording", "accel-prefix", CV_VALUE_TEXT, AT (accel_prefix), "",
    "Where nginx in front finds that directory, in an internal location: it sends the files then. Empty: we do.",
    .is_valid = g_path_is_absolute, .allowed = "a path that begins with /" },

  { "documents", "directory", CV_VALUE_TEXT, AT (documents), "",
    "Where the files are kept that people share in meetings. Empty: documents in the state directory.",
    .is_valid = g_path_is_absolute, .allowed = "an absolute path" },
  { "documents", "max-bytes", CV_VALUE_NUMBER, AT (document_bytes), "209715200", "The largest that is taken.", 1,
    2147483647 },
  { "documents", "meeting-quota", CV_VALUE_NUMBER, AT (document_quota), "1073741824",
    "What all documents of one meeting may take, in bytes.", 1, G_MAXUINT },
  { "documents", "refuse", CV_VALUE_LIST, AT (refused_names), "",
    "Ends of names that are not taken, for example .exe;.msi. Nothing is ever run or shown by this server itself.",
    .max = MAX_REFUSED },
  { "documents", "scan", CV_VALUE_TEXT, AT (scan), "",
    "A program that looks at each: it gets the file as its standard input; 0 is clean, all else is refused.",
    .is_valid = g_path_is_absolute, .allowed = "an absolute path" },
  { "documents", "scan-seconds", CV_VALUE_NUMBER, AT (scan_seconds), "60", "How long it may take; then it is refused.",
    1, 3600 },
  { "documents", "accel-prefix", CV_VALUE_TEXT, AT (documents_accel_prefix), "",
    "Where nginx in front finds that directory, in an internal location: it sends the files then. Empty: we do.",
    .is_valid = g_path_is_absolute, .allowed = "a path that begins with /" },

  { "content", "keep-days", CV_VALUE_NUMBER, AT (keep_content_days), "365",
    "After how many days what people shared in a meeting and its summary are deleted, where its room does not say so.\n"
    "0: never.",
    0, 36500 },

  { "mail", "server", CV_VALUE_TEXT, AT (mail_server), "",
    "What sends summaries by e-mail: smtp://HOST or smtp://HOST:PORT (STARTTLS), smtps://HOST. Empty: none are sent.",
    .is_valid = cv_value_is_mail_server, .allowed = MAIL_SERVER_FORM },
  { "mail", "from", CV_VALUE_TEXT, AT (mail_from), "", "Whom they are from: ADDRESS, or NAME <ADDRESS>.",
    .is_valid = cv_value_is_mailbox, .allowed = "ADDRESS or NAME <ADDRESS>" },
  { "mail", "username", CV_VALUE_TEXT, AT (mail_username), "", "To log in there. Empty: without." },
  { "mail", "password-file", CV_VALUE_FILE, AT (mail_password_file), "",
    "A file with the password for it, not readable by others.\n"
    "A name without a leading / is looked up in the service's credentials." },
  { "mail", "ca-file", CV_VALUE_FILE, AT (mail_ca_file), "",
    "Certificates (PEM) of who vouches for that server. Empty: the authorities of this machine." },
  { "mail", "plain", CV_VALUE_BOOL, AT (mail_plain), "false",
    "true: without TLS, which suits a server on this machine only." },

  { "backup", "directory", CV_VALUE_TEXT, AT (backups), "",
    "Where backups of the database are kept. Empty: backups in the state directory; another disk is better.",
    .is_valid = g_path_is_absolute, .allowed = "an absolute path" },
  { "backup", "hours", CV_VALUE_NUMBER, AT (backup_hours), "1",
    "From one backup to the next. 0: none, but those that conclavectl backup makes.", 0, 8760 },
  { "backup", "keep", CV_VALUE_NUMBER, AT (backup_keep), "24", "How many are kept.", 1, 10000 },

  { "audit", "keep-days", CV_VALUE_NUMBER, AT (keep_audit_days), "400",
    "For how long entries of the audit are kept. 0: for ever.", 0, 36500 },

  { "webhooks", "url", CV_VALUE_TEXT, AT (webhooks_url), "",
    "What is told of rooms, meetings, people and recordings (POST, JSON). Empty: nobody.",
    .is_valid = cv_value_is_webhook_url, .allowed = "a URL that begins with https:// or http://" },
  { "webhooks", "secret-file", CV_VALUE_FILE, AT (webhooks_secret_file), "",
    "A file with the secret that these calls are signed with (HMAC-SHA256), not readable by others.\n"
    "A name without a leading / is looked up in the service's credentials." },

  { "api", "ticket-secret-file", CV_VALUE_FILE, AT (ticket_secret_file), "",
    "A file with the secret that tickets are signed with (HS256), 32 bytes or more, not readable by others: for "
    "programs\n"
    "that make their own. Empty: ticket.key in the state directory, made at the first start.\n"
    "A name without a leading / is looked up in the service's credentials." },

  { "oidc", "issuer", CV_VALUE_TEXT, AT (oidc_issuer), "",
    "Where people can sign in as well (OpenID Connect), as the provider writes it, for example\n"
    "https://sso.example.org/realms/example. Empty: nowhere else.",
    .is_valid = cv_value_is_issuer, .allowed = ISSUER_FORM },
  { "oidc", "client-id", CV_VALUE_TEXT, AT (oidc_client), "", "What this server is called there." },
  { "oidc", "client-secret-file", CV_VALUE_FILE, AT (oidc_secret_file), "",
    "A file with its secret, not readable by others.\n"
    "A name without a leading / is looked up in the service's credentials." },
  { "oidc", "label", CV_VALUE_TEXT, AT (oidc_label), "",
    "What people call it: it stands on the button. Empty: the issuer's host.", .is_valid = cv_value_is_label,
    .allowed = "of 60 characters at most" },
  { "oidc", "scopes", CV_VALUE_TEXT, AT (oidc_scopes), "openid profile email", "What is asked for: openid and others.",
    .is_valid = cv_value_is_scopes, .allowed = "openid and other words, with a space between each two" },
  { "oidc", "login-claim", CV_VALUE_TEXT, AT (oidc_login_claim), "preferred_username",
    "Which claim is somebody's login here: preferred_username, email, …", .is_valid = cv_value_is_claim,
    .allowed = CLAIM_FORM },
  { "oidc", "groups-claim", CV_VALUE_TEXT, AT (oidc_groups_claim), "groups", "Which claim has their groups.",
    .is_valid = cv_value_is_claim, .allowed = CLAIM_FORM },
  { "oidc", "groups", CV_VALUE_LIST, AT (oidc_groups), "", "Who may: people of one of these groups. Empty: all.",
    .max = MAX_OIDC_GROUPS },
  { "oidc", "domains", CV_VALUE_LIST, AT (oidc_domains), "",
    "Who may: people with an e-mail address of one of these domains that the provider has verified. Empty: all.",
    .max = MAX_OIDC_DOMAINS, .is_valid = cv_value_is_domain, .allowed = "a domain, for example example.org" },
  { "oidc", "make-accounts", CV_VALUE_BOOL, AT (oidc_make_accounts), "false",
    "true: who has no account yet gets one, as a host. false: an administrator adds people first." },

  { "limits", "joins-per-minute", CV_VALUE_NUMBER, AT (joins_per_minute), "30", "Attempts to join, of one address.", 1,
    100000 },
  { "limits", "sign-ins-per-minute", CV_VALUE_NUMBER, AT (sign_ins_per_minute), "5",
    "Passwords that are tried, of one address and of one account.", 1, 100000 },
  { "limits", "messages-per-second", CV_VALUE_NUMBER, AT (messages_per_second), "50", "Messages on one WebSocket.", 1,
    10000 },
  { "limits", "rooms-per-hour", CV_VALUE_NUMBER, AT (rooms_per_hour), "60", "Rooms made by visitors, of one address.",
    1, 100000 },

  { "development", "signalling-only-kinds", CV_VALUE_LIST, AT (signalling_only_kinds), "",
    "Room kinds to open without their media plane, for tests and benchmarks: boardroom, classroom.", .max = 2,
    .choices = MEDIA_KINDS },
  { "development", "media-program", CV_VALUE_TEXT, AT (media_program), "",
    "A program in place of conclave-media, for tests. Empty: the one that belongs to this server.",
    .is_valid = g_path_is_absolute, .allowed = "an absolute path" },
  { "development", "render-program", CV_VALUE_TEXT, AT (render_program), "", "The same in place of conclave-render.",
    .is_valid = g_path_is_absolute, .allowed = "an absolute path" },
  { "development", "sip-program", CV_VALUE_TEXT, AT (sip_program), "", "The same in place of conclave-sip.",
    .is_valid = g_path_is_absolute, .allowed = "an absolute path" },
};

const CvConfigKey *
cv_config_list_keys (guint *n)
{
  *n = G_N_ELEMENTS (KEYS);
  return KEYS;
}

/* ---- Reading ---- */

static gboolean
refuse (GError **error, const CvConfigKey *key, const char *value, const char *allowed)
{
  return cv_config_key_refuse (key, key->group, value, allowed, error);
}

/* Keys of `group`, or all groups if that is NULL: what an error lists. Returns: (transfer full). */
static char *
list_names (const char *group)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  for (guint i = 0; i < G_N_ELEMENTS (KEYS); i++)
    if (group != NULL ? g_str_equal (KEYS[i].group, group) : i == 0 || !g_str_equal (KEYS[i].group, KEYS[i - 1].group))
      g_ptr_array_add (names, (char *) (group != NULL ? KEYS[i].name : KEYS[i].group));
  g_ptr_array_add (names, NULL);
  return g_strjoinv (", ", (char **) names->pdata);
}

static const CvConfigKey *
find_key (const char *group, const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (KEYS); i++)
    if (g_str_equal (KEYS[i].group, group) && (name == NULL || g_str_equal (KEYS[i].name, name)))
      return &KEYS[i];
  return NULL;
}

/* What nobody says: of [sip-trunk …] into a trunk, of all others into the configuration. */
static void
set_defaults (gpointer base, gboolean of_trunk)
{
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (KEYS); i++)
    if (g_str_equal (KEYS[i].group, TRUNK) == of_trunk &&
        !cv_config_key_set (&KEYS[i], KEYS[i].group, base, KEYS[i].initial, &error))
      g_error ("default of a key: %s", error->message);
}

static void
clear_fields (gpointer base, gboolean of_trunk)
{
  for (guint i = 0; i < G_N_ELEMENTS (KEYS); i++)
    if (g_str_equal (KEYS[i].group, TRUNK) == of_trunk)
      cv_config_key_clear (&KEYS[i], base);
}

static void
trunk_free (gpointer data)
{
  CvConfigTrunk *self = data;

  clear_fields (self, TRUE);
  g_free (self->name);
  g_free (self->password);
  g_free (self);
}

/* Returns: (transfer none), NULL with an error. */
static CvConfigTrunk *
add_trunk (CvConfig *self, const char *group, GError **error)
{
  const char *name = group + strlen (TRUNK_PREFIX);
  CvConfigTrunk *trunk;

  if (!cv_config_sip_is_trunk_name (name)) {
    g_set_error (error, CV_CONFIG_ERROR, CV_CONFIG_ERROR_INVALID,
                 "[%s]: the name must be 1 to 40 of A-Z a-z 0-9 . _ - and not " CV_CONFIG_OWN_TRUNK, group);
    return NULL;
  }
  if (self->sip.trunks->len == CV_CONFIG_MAX_TRUNKS) {
    g_set_error (error, CV_CONFIG_ERROR, CV_CONFIG_ERROR_INVALID, "[%s]: there can be 16 trunks at most", group);
    return NULL;
  }
  trunk = g_new0 (CvConfigTrunk, 1);
  trunk->name = g_strdup (name);
  set_defaults (trunk, TRUE);
  g_ptr_array_add (self->sip.trunks, trunk);
  return trunk;
}

/* `kind`: its name, but for that of a trunk. */
static gboolean
read_keys (gpointer base, GKeyFile *file, const char *group, const char *kind, GError **error)
{
  g_autofree char *allowed = list_names (kind);
  g_auto (GStrv) names = g_key_file_get_keys (file, group, NULL, error);

  if (names == NULL)
    return FALSE;
  for (char **name = names; *name != NULL; name++) {
    const CvConfigKey *key = find_key (kind, *name);
    g_autofree char *value = g_key_file_get_value (file, group, *name, NULL);

    if (key == NULL) {
      g_set_error (error, CV_CONFIG_ERROR, CV_CONFIG_ERROR_INVALID, "[%s] %s: unknown key; there are %s", group, *name,
                   allowed);
      return FALSE;
    }
    if (!cv_config_key_set (key, group, base, g_strstrip (value), error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
read_group (CvConfig *self, GKeyFile *file, const char *group, GError **error)
{
  g_autofree char *allowed = NULL;

  if (g_str_has_prefix (group, TRUNK_PREFIX)) {
    CvConfigTrunk *trunk = add_trunk (self, group, error);

    return trunk != NULL && read_keys (trunk, file, group, TRUNK, error);
  }
  if (find_key (group, NULL) != NULL && !g_str_equal (group, TRUNK))
    return read_keys (self, file, group, group, error);
  allowed = list_names (NULL);
  g_set_error (error, CV_CONFIG_ERROR, CV_CONFIG_ERROR_INVALID, "[%s]: unknown group; there are %s", group, allowed);
  return FALSE;
}

/* ---- What must fit together ---- */

static gboolean
check_tls (const CvConfig *self, GError **error)
{
  g_autoptr (GSocketAddress) address = cv_value_parse_listen (self->listen);

  if (self->tls || G_IS_UNIX_SOCKET_ADDRESS (address) ||
      g_inet_address_get_is_loopback (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address))))
    return TRUE;
  g_set_error (error, CV_CONFIG_ERROR, CV_CONFIG_ERROR_INVALID,
               "[server] tls = false: must be true where listen (%s) is neither a loopback address nor a Unix socket",
               self->listen);
  return FALSE;
}

/* `group`: whose file it is. Returns: (transfer full), NULL with an error. */
static char *
read_secret (const char *group, const char *name, const char *path, GError **error)
{
  const CvConfigKey *key = find_key (g_str_has_prefix (group, TRUNK_PREFIX) ? TRUNK : group, name);
  char bytes[MAX_SECRET_BYTES + 1];
  struct stat info;
  gssize n = -1;
  int fd = g_open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0);
  gboolean opened = fd >= 0 && fstat (fd, &info) == 0;

  if (opened)
    n = read (fd, bytes, sizeof bytes);
  if (n < 0)
    g_set_error (error, CV_CONFIG_ERROR, CV_CONFIG_ERROR_INVALID, "[%s] %s = %s: %s", group, name, path,
                 g_strerror (errno));
  if (fd >= 0)
    g_close (fd, NULL);
  if (n < 0)
    return NULL;
  if (!S_ISREG (info.st_mode) || (info.st_mode & S_IRWXO) != 0)
    return cv_config_key_refuse (key, group, path, "a file that others may not read (chmod o= FILE)", error), NULL;
  while (n > 0 && (bytes[n - 1] == '\n' || bytes[n - 1] == '\r'))
    n--;
  if (n == 0 || n > MAX_SECRET_BYTES || memchr (bytes, '\0', n) != NULL || memchr (bytes, '\n', n) != NULL)
    return cv_config_key_refuse (key, group, path, "a file of one line with 1 to 1024 bytes", error), NULL;
  return g_strndup (bytes, n);
}

/* One socket is bound for each family. */
static gboolean
check_media (const CvConfig *self, GError **error)
{
  char **addresses = self->media_listen;

  if (self->ports[0] == '\0')
    return refuse (error, find_key ("media", "ports"), "", PORTS_FORM);
  if (g_strv_length (addresses) == 2 && (strchr (addresses[0], ':') == NULL) == (strchr (addresses[1], ':') == NULL))
    return refuse (error, find_key ("media", "listen"), addresses[1], "of the other family than the one before");
  return TRUE;
}

/* Nobody would be warned before it is too late. */
static gboolean
check_recording (const CvConfig *self, GError **error)
{
  g_autofree char *value = g_strdup_printf ("%u", self->stop_below_percent);

  return self->stop_below_percent <= self->warn_below_percent ||
         refuse (error, find_key ("recording", "stop-below-percent"), value, "at most warn-below-percent");
}

static gboolean
check_branding (CvConfig *self, GError **error)
{
  const char *trouble = NULL;

  if (self->brand_logo_file[0] == '\0')
    return TRUE;
  self->logo = cv_config_logo_read (self->brand_logo_file, &self->logo_type, &trouble);
  return self->logo != NULL || refuse (error, find_key ("branding", "logo-file"), self->brand_logo_file, trouble);
}

static gboolean
check_turn (CvConfig *self, GError **error)
{
  if (self->secret_file[0] != '\0') {
    self->turn_secret = read_secret ("turn", "secret-file", self->secret_file, error);
    return self->turn_secret != NULL;
  }
  if (self->servers[0] != NULL)
    return refuse (error, find_key ("turn", "secret-file"), "", "given where servers are");
  if (self->relay_only)
    return refuse (error, find_key ("turn", "relay-only"), "true", "false where there are no servers");
  return TRUE;
}

/* Calls that are not signed could be anybody's. */
static gboolean
check_webhooks (CvConfig *self, GError **error)
{
  if (self->webhooks_secret_file[0] != '\0') {
    self->webhooks_secret = read_secret ("webhooks", "secret-file", self->webhooks_secret_file, error);
    return self->webhooks_secret != NULL;
  }
  return self->webhooks_url[0] == '\0' ||
         refuse (error, find_key ("webhooks", "secret-file"), "", "given where url is");
}

/* A short one can be guessed by who has a ticket. */
static gboolean
check_tickets (CvConfig *self, GError **error)
{
  if (self->ticket_secret_file[0] == '\0')
    return TRUE;
  self->ticket_secret = read_secret ("api", "ticket-secret-file", self->ticket_secret_file, error);
  if (self->ticket_secret == NULL)
    return FALSE;
  return strlen (self->ticket_secret) >= MIN_TICKET_SECRET ||
         refuse (error, find_key ("api", "ticket-secret-file"), self->ticket_secret_file,
                 "a file of one line with 32 to 1024 bytes");
}

/* NULL: that of [sip]. Returns: (transfer full). */
static char *
print_trunk_group (const CvConfig *self, const CvConfigTrunk *trunk)
{
  return trunk == NULL || trunk == &self->sip.own ? g_strdup ("sip") : g_strconcat (TRUNK_PREFIX, trunk->name, NULL);
}

static gboolean
read_password (const CvConfig *self, CvConfigTrunk *trunk, GError **error)
{
  g_autofree char *group = print_trunk_group (self, trunk);

  if (trunk->password_file[0] == '\0')
    return TRUE;
  trunk->password = read_secret (group, "password-file", trunk->password_file, error);
  return trunk->password != NULL &&
         (cv_config_sip_is_password (trunk->password) ||
          cv_config_key_refuse (find_key (TRUNK, "password-file"), group, trunk->password_file,
                                "a file of one line with 1 to 120 bytes that can be printed", error));
}

static gboolean
check_sip (CvConfig *self, GError **error)
{
  CvConfigSipFault fault;
  gboolean found = cv_config_sip_find_fault (&self->sip, &fault);
  g_autofree char *group = print_trunk_group (self, found ? fault.trunk : NULL);

  if (found)
    return cv_config_key_refuse (find_key (g_str_equal (group, "sip") ? group : TRUNK, fault.key), group, fault.value,
                                 fault.allowed, error);
  if (self->sip.listen[0] == NULL)
    return TRUE;
  for (guint i = 0; i < self->sip.trunks->len; i++)
    if (!read_password (self, self->sip.trunks->pdata[i], error))
      return FALSE;
  return read_password (self, &self->sip.own, error);
}

static gboolean
check_mail (CvConfig *self, GError **error)
{
  if (self->mail_server[0] != '\0' && self->mail_from[0] == '\0')
    return refuse (error, find_key ("mail", "from"), "", "given where server is");
  if (self->mail_password_file[0] == '\0')
    return TRUE;
  self->mail_password = read_secret ("mail", "password-file", self->mail_password_file, error);
  return self->mail_password != NULL;
}

/* Whoever has the secret is this server to the provider; claims that are not named are nobody's. */
static gboolean
check_oidc (CvConfig *self, GError **error)
{
  if (self->oidc_issuer[0] == '\0')
    return TRUE;
  if (self->oidc_client[0] == '\0')
    return refuse (error, find_key ("oidc", "client-id"), "", "given where issuer is");
  if (self->oidc_secret_file[0] == '\0')
    return refuse (error, find_key ("oidc", "client-secret-file"), "", "given where issuer is");
  if (self->oidc_scopes[0] == '\0')
    return refuse (error, find_key ("oidc", "scopes"), "", "openid, with others or without");
  if (self->oidc_login_claim[0] == '\0' || self->oidc_groups_claim[0] == '\0')
    return refuse (error, find_key ("oidc", self->oidc_login_claim[0] == '\0' ? "login-claim" : "groups-claim"), "",
                   CLAIM_FORM);
  self->oidc_secret = read_secret ("oidc", "client-secret-file", self->oidc_secret_file, error);
  return self->oidc_secret != NULL;
}

static gboolean
check_all (CvConfig *self, GError **error)
{
  if (self->listen[0] == '\0')
    return refuse (error, find_key ("server", "listen"), "", LISTEN_FORM);
  if (!check_tls (self, error) || !check_media (self, error) || !check_recording (self, error))
    return FALSE;
  if ((self->certificate_file[0] == '\0') != (self->key_file[0] == '\0')) {
    g_set_error_literal (error, CV_CONFIG_ERROR, CV_CONFIG_ERROR_INVALID,
                         "[server] certificate-file and key-file: must be given both or neither");
    return FALSE;
  }
  return check_branding (self, error) && check_sip (self, error) && check_webhooks (self, error) &&
         check_mail (self, error) && check_oidc (self, error) && check_tickets (self, error) &&
         check_turn (self, error);
}

CvConfig *
cv_config_load (const char *path, GError **error)
{
  g_autoptr (CvConfig) self = g_new0 (CvConfig, 1);
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) cause = NULL;
  g_auto (GStrv) groups = NULL;
  gboolean valid = TRUE;

  self->sip.trunks = g_ptr_array_new_with_free_func (trunk_free);
  self->sip.own.name = g_strdup (CV_CONFIG_OWN_TRUNK);
  set_defaults (self, FALSE);
  if (path == NULL)
    return g_steal_pointer (&self);

  if (!g_key_file_load_from_file (file, path, G_KEY_FILE_KEEP_TRANSLATIONS, &cause)) {
    g_set_error (error, CV_CONFIG_ERROR, CV_CONFIG_ERROR_INVALID, "%s: %s", path, cause->message);
    return NULL;
  }
  groups = g_key_file_get_groups (file, NULL);
  for (char **group = groups; valid && *group != NULL; group++)
    valid = read_group (self, file, *group, &cause);
  if (valid && check_all (self, &cause))
    return g_steal_pointer (&self);
  g_propagate_prefixed_error (error, g_steal_pointer (&cause), "%s: ", path);
  return NULL;
}

gboolean
cv_config_set_listen (CvConfig *self, const char *listen, GError **error)
{
  g_return_val_if_fail (self != NULL && listen != NULL, FALSE);

  if (!cv_value_is_listen (listen)) {
    g_set_error (error, CV_CONFIG_ERROR, CV_CONFIG_ERROR_INVALID, "--listen %s: must be " LISTEN_FORM, listen);
    return FALSE;
  }
  g_free (self->listen);
  self->listen = g_strdup (listen);
  if (check_tls (self, error))
    return TRUE;
  g_prefix_error (error, "--listen %s: ", listen);
  return FALSE;
}

GSocketAddress *
cv_config_get_address (const CvConfig *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return cv_value_parse_listen (self->listen);
}

char **
cv_config_get_media_addresses (const CvConfig *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr (GSocketAddress) address = NULL;
  g_autofree char *loopback = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  if (self->media_listen[0] != NULL)
    return g_strdupv (self->media_listen);
  address = cv_value_parse_listen (self->listen);
  if (G_IS_INET_SOCKET_ADDRESS (address)) {
    GInetAddress *inet = g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address));

    if (g_inet_address_get_is_loopback (inet))
      loopback = g_inet_address_to_string (inet);
  }
  if (loopback != NULL)
    g_strv_builder_add (builder, loopback);
  else
    g_strv_builder_add_many (builder, "0.0.0.0", "::", NULL);
  return g_strv_builder_end (builder);
}

void
cv_config_get_media_ports (const CvConfig *self, guint *min, guint *max)
{
  g_return_if_fail (self != NULL);

  cv_value_parse_ports (self->ports, min, max);
}

void
cv_config_get_rtp_ports (const CvConfig *self, guint *min, guint *max)
{
  g_return_if_fail (self != NULL);

  cv_value_parse_ports (self->sip.rtp_ports, min, max);
}

void
cv_config_free (CvConfig *self)
{
  clear_fields (self, FALSE);
  g_clear_pointer (&self->logo, g_bytes_unref);
  g_free (self->turn_secret);
  g_free (self->oidc_secret);
  g_free (self->webhooks_secret);
  g_free (self->mail_password);
  g_free (self->ticket_secret);
  g_ptr_array_unref (self->sip.trunks);
  g_free (self->sip.own.name);
  g_free (self->sip.own.password);
  g_free (self);
}
