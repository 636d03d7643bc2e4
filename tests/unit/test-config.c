/* The configuration: defaults, every bound, exact errors, secrets, and the shipped example. */
#include "daemon/config.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <string.h>

typedef struct {
  char *directory;
  char *path;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->directory = g_dir_make_tmp ("conclave-config-XXXXXX", NULL);
  f->path = g_build_filename (f->directory, "conclave.conf", NULL);
  g_assert_nonnull (f->directory);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_autoptr (GDir) dir = g_dir_open (f->directory, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (f->directory, name, NULL);

    g_assert_cmpint (g_unlink (path), ==, 0);
  }
  g_assert_cmpint (g_rmdir (f->directory), ==, 0);
  g_free (f->directory);
  g_free (f->path);
}

static CvConfig *
load (Fixture *f, const char *text, GError **error)
{
  g_assert_true (g_file_set_contents (f->path, text, -1, NULL));
  return cv_config_load (f->path, error);
}

/* `expected` is what follows the path. */
static void
assert_refused (Fixture *f, const char *text, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CvConfig) config = load (f, text, &error);

  if (config != NULL)
    g_error ("accepted: %s", text);
  g_assert_error (error, CV_CONFIG_ERROR, CV_CONFIG_ERROR_INVALID);
  g_assert_true (g_str_has_prefix (error->message, f->path));
  g_assert_cmpstr (error->message + strlen (f->path), ==, expected);
}

static char *
write_secret (Fixture *f, const char *name, const char *secret, int mode)
{
  char *path = g_build_filename (f->directory, name, NULL);

  g_assert_true (g_file_set_contents (path, secret, -1, NULL));
  g_assert_cmpint (g_chmod (path, mode), ==, 0);
  return path;
}

static void
assert_defaults (const CvConfig *config)
{
  g_assert_cmpstr (config->listen, ==, "127.0.0.1:8443");
  g_assert_cmpstr (config->public_url, ==, "");
  g_assert_true (config->tls);
  g_assert_cmpstr (config->certificate_file, ==, "");
  g_assert_cmpstr (config->key_file, ==, "");
  g_assert_cmpstr (config->trusted_proxy, ==, "none");
  g_assert_cmpuint (config->max_sockets, ==, 5000);
  g_assert_cmpuint (config->max_connections_per_address, ==, 200);
  g_assert_cmpstr (config->log_level, ==, "info");
  g_assert_false (config->anyone_may_create);
  g_assert_cmpuint (config->seat_seconds, ==, 60);
  g_assert_cmpuint (config->empty_seconds, ==, 60);
  g_assert_cmpuint (g_strv_length (config->servers), ==, 0);
  g_assert_cmpstr (config->secret_file, ==, "");
  g_assert_cmpuint (config->lifetime_seconds, ==, 3600);
  g_assert_false (config->relay_only);
  g_assert_cmpuint (g_strv_length (config->media_listen), ==, 0);
  g_assert_cmpuint (g_strv_length (config->public_addresses), ==, 0);
  g_assert_cmpstr (config->ports, ==, "40000-40999");
  g_assert_cmpuint (config->warm_spares, ==, 1);
  g_assert_cmpstr (config->recordings, ==, "");
  g_assert_cmpuint (config->keep_days, ==, 0);
  g_assert_cmpuint (config->warn_below_percent, ==, 10);
  g_assert_cmpuint (config->stop_below_percent, ==, 2);
  g_assert_cmpuint (config->stop_below_bytes, ==, 1024 * 1024 * 1024);
  g_assert_cmpuint (config->renders, ==, 1);
  g_assert_cmpstr (config->accel_prefix, ==, "");
  g_assert_cmpstr (config->backups, ==, "");
  g_assert_cmpuint (config->backup_hours, ==, 1);
  g_assert_cmpuint (config->backup_keep, ==, 24);
  g_assert_cmpstr (config->webhooks_url, ==, "");
  g_assert_null (config->webhooks_secret);
  g_assert_cmpstr (config->render_program, ==, "");
  g_assert_cmpuint (config->joins_per_minute, ==, 30);
  g_assert_cmpuint (config->messages_per_second, ==, 50);
  g_assert_cmpuint (config->rooms_per_hour, ==, 60);
  g_assert_cmpuint (g_strv_length (config->signalling_only_kinds), ==, 0);
  g_assert_null (config->turn_secret);
}

static void
test_defaults (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CvConfig) config = cv_config_load (NULL, &error);

  g_assert_no_error (error);
  assert_defaults (config);
}

static void
test_example (Fixture *f, gconstpointer data)
{
  g_autofree char *example = cv_config_example ();
  g_autofree char *shipped = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (CvConfig) config = load (f, example, &error);

  g_assert_no_error (error);
  assert_defaults (config);
  g_file_get_contents (CV_TESTS_DIR "/../data/conclave.conf", &shipped, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (shipped, ==, example);
}

/* The manual page has every group and key. */
static void
test_manual (void)
{
  g_autofree char *example = cv_config_example ();
  g_autofree char *manual = NULL;
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_auto (GStrv) groups = NULL;

  g_assert_true (g_file_get_contents (CV_TESTS_DIR "/../data/man/conclave.conf.5", &manual, NULL, NULL));
  g_assert_true (g_key_file_load_from_data (file, example, -1, G_KEY_FILE_NONE, NULL));
  groups = g_key_file_get_groups (file, NULL);
  for (char **group = groups; *group != NULL; group++) {
    g_autofree char *heading = g_strdup_printf ("\n.SH [%s]\n", *group);
    g_auto (GStrv) keys = g_key_file_get_keys (file, *group, NULL, NULL);

    g_assert_nonnull (strstr (manual, heading));
    for (char **key = keys; *key != NULL; key++) {
      g_auto (GStrv) parts = g_strsplit (*key, "-", -1);
      g_autofree char *escaped = g_strjoinv ("\\-", parts);
      g_autofree char *entry = g_strdup_printf ("\n.B %s\n", escaped);

      if (strstr (manual, entry) == NULL)
        g_error ("not in the manual: %s", *key);
    }
  }
}

static void
test_all_set (Fixture *f, gconstpointer data)
{
  g_autofree char *secret = write_secret (f, "secret", "s3cret\n", 0640);
  g_autofree char *other_secret = write_secret (f, "other", "hook", 0600);
  g_autofree char *text =
    g_strdup_printf ("[server]\nlisten = [::1]:0\npublic-url = https://meet.example:444\ntls=false\n"
                     "embed-origins = https://a.example; https://b-c.example:8443;http://localhost:8080;\n"
                     "certificate-file=/c.pem\nkey-file=/k.pem\ntrusted-proxy=loopback\nmax-sockets=1\n"
                     "max-connections-per-address=100000\nlog-level=debug\n"
                     "[rooms]\nanyone-may-create=true\nseat-seconds=1\nempty-seconds=600\n"
                     "[turn]\nservers = turn:%%h:3478?transport=udp; turns:[2001:db8::1]:443 ;turn:t.example;\n"
                     "secret-file=%s\nlifetime-seconds=60\nrelay-only=true\n"
                     "[media]\nlisten = 192.0.2.1; ::\npublic-address = 203.0.113.7;2001:db8::7\nports=2000-2000\n"
                     "warm-spares=0\n"
                     "[recording]\ndirectory=/r\nkeep-days=30\nwarn-below-percent=5\nstop-below-percent=5\n"
                     "stop-below-bytes=4294967295\nrenders=16\naccel-prefix=/f/\n"
                     "[webhooks]\nurl=https://hooks.example:444/x?y=z\nsecret-file=%s\n"
                     "[limits]\njoins-per-minute=1\nmessages-per-second=10000\nrooms-per-hour=2\n"
                     "[development]\nsignalling-only-kinds=boardroom;classroom\nrender-program=/bin/true\n",
                     secret, other_secret);
  g_autoptr (GError) error = NULL;
  g_autoptr (CvConfig) config = load (f, text, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (config->listen, ==, "[::1]:0");
  g_assert_cmpstr (config->public_url, ==, "https://meet.example:444");
  g_assert_cmpuint (g_strv_length (config->embed_origins), ==, 3);
  g_assert_cmpstr (config->embed_origins[1], ==, "https://b-c.example:8443");
  g_assert_false (config->tls);
  g_assert_cmpstr (config->certificate_file, ==, "/c.pem");
  g_assert_cmpstr (config->key_file, ==, "/k.pem");
  g_assert_cmpstr (config->trusted_proxy, ==, "loopback");
  g_assert_cmpuint (config->max_sockets, ==, 1);
  g_assert_cmpuint (config->max_connections_per_address, ==, 100000);
  g_assert_cmpstr (config->log_level, ==, "debug");
  g_assert_true (config->anyone_may_create);
  g_assert_cmpuint (config->seat_seconds, ==, 1);
  g_assert_cmpuint (config->empty_seconds, ==, 600);
  g_assert_cmpuint (g_strv_length (config->servers), ==, 3);
  g_assert_cmpstr (config->servers[0], ==, "turn:%h:3478?transport=udp");
  g_assert_cmpstr (config->servers[1], ==, "turns:[2001:db8::1]:443");
  g_assert_cmpstr (config->servers[2], ==, "turn:t.example");
  g_assert_cmpstr (config->turn_secret, ==, "s3cret");
  g_assert_cmpuint (config->lifetime_seconds, ==, 60);
  g_assert_true (config->relay_only);
  g_assert_cmpstr (config->media_listen[0], ==, "192.0.2.1");
  g_assert_cmpstr (config->media_listen[1], ==, "::");
  g_assert_cmpuint (g_strv_length (config->public_addresses), ==, 2);
  g_assert_cmpstr (config->ports, ==, "2000-2000");
  g_assert_cmpuint (config->warm_spares, ==, 0);
  g_assert_cmpstr (config->recordings, ==, "/r");
  g_assert_cmpuint (config->keep_days, ==, 30);
  g_assert_cmpuint (config->warn_below_percent, ==, 5);
  g_assert_cmpuint (config->stop_below_percent, ==, 5);
  g_assert_cmpuint (config->stop_below_bytes, ==, G_MAXUINT);
  g_assert_cmpuint (config->renders, ==, 16);
  g_assert_cmpstr (config->accel_prefix, ==, "/f/");
  g_assert_cmpstr (config->webhooks_url, ==, "https://hooks.example:444/x?y=z");
  g_assert_cmpstr (config->webhooks_secret, ==, "hook");
  g_assert_cmpstr (config->render_program, ==, "/bin/true");
  g_assert_cmpuint (config->joins_per_minute, ==, 1);
  g_assert_cmpuint (config->messages_per_second, ==, 10000);
  g_assert_cmpuint (config->rooms_per_hour, ==, 2);
  g_assert_cmpuint (g_strv_length (config->signalling_only_kinds), ==, 2);
  g_assert_cmpstr (config->signalling_only_kinds[0], ==, "boardroom");
}

static void
test_exact_errors (Fixture *f, gconstpointer data)
{
  assert_refused (f, "[turn]\nlifetime-seconds = 0\n",
                  ": [turn] lifetime-seconds = 0: must be a whole number from 60 to 3600");
  assert_refused (f, "[turn]\nlifetime-seconds = 3601\n",
                  ": [turn] lifetime-seconds = 3601: must be a whole number from 60 to 3600");
  assert_refused (f, "[server]\nlog-level = loud\n",
                  ": [server] log-level = loud: must be debug, info, notice, warning");
  assert_refused (f, "[server]\ntls = yes\n", ": [server] tls = yes: must be true or false");
  assert_refused (f, "[rooms]\nseats = 1\n",
                  ": [rooms] seats: unknown key; there are anyone-may-create, seat-seconds, empty-seconds");
  assert_refused (
    f, "[room]\nseat-seconds = 1\n",
    ": [room]: unknown group; there are server, rooms, branding, turn, media, sip, sip-trunk, recording, documents, "
    "content, mail, backup, audit, webhooks, api, oidc, limits, development");
  assert_refused (f, "[development]\nsignalling-only-kinds = otr;boardroom\n",
                  ": [development] signalling-only-kinds = otr: must be boardroom, classroom");
  assert_refused (
    f, "[server]\nlisten = 0.0.0.0:80\ntls = false\n",
    ": [server] tls = false: must be true where listen (0.0.0.0:80) is neither a loopback address nor a Unix "
    "socket");
  assert_refused (f, "[server]\ncertificate-file = /c.pem\n",
                  ": [server] certificate-file and key-file: must be given both or neither");
  assert_refused (f, "[webhooks]\nurl = https://hooks.example/\n",
                  ": [webhooks] secret-file = : must be given where url is");
  assert_refused (f, "[turn]\nservers = turn:%h\n", ": [turn] secret-file = : must be given where servers are");
  assert_refused (f, "[turn]\nrelay-only = true\n",
                  ": [turn] relay-only = true: must be false where there are no servers");
}

#define OIDC "[oidc]\nissuer = https://sso.example/x\n"

static void
test_oidc (Fixture *f, gconstpointer data)
{
  g_autofree char *secret = write_secret (f, "client", "s3cret\n", 0600);
  g_autofree char *good = g_strdup_printf (OIDC "client-id = c\nclient-secret-file = %s\ngroups = a;b c\n", secret);
  g_autoptr (GError) error = NULL;
  g_autoptr (CvConfig) config = load (f, good, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (config->oidc_secret, ==, "s3cret");
  g_assert_cmpstr (config->oidc_login_claim, ==, "preferred_username");
  g_assert_cmpstr (config->oidc_groups[1], ==, "b c");
  g_assert_false (config->oidc_make_accounts);
  assert_refused (f, OIDC, ": [oidc] client-id = : must be given where issuer is");
  assert_refused (f, OIDC "client-id = c\n", ": [oidc] client-secret-file = : must be given where issuer is");
  assert_refused (f, OIDC "client-id = c\nclient-secret-file = /x\nscopes =\n",
                  ": [oidc] scopes = : must be openid, with others or without");
  assert_refused (f, OIDC "client-id = c\nclient-secret-file = /x\ngroups-claim =\n",
                  ": [oidc] groups-claim = : must be 1 to 100 letters, digits, and . _ : / -");
  assert_refused (f, OIDC "client-id = c\nclient-secret-file = /x\nlogin-claim =\n",
                  ": [oidc] login-claim = : must be 1 to 100 letters, digits, and . _ : / -");
  assert_refused (f, "[oidc]\nissuer = http://sso.example\n",
                  ": [oidc] issuer = http://sso.example: must be https://HOST with a port and a path if needed, or "
                  "http:// and a loopback address, and nothing behind");
  assert_refused (f, "[oidc]\ndomains = a.example;@b.example\n",
                  ": [oidc] domains = @b.example: must be a domain, for example example.org");
}

static void
test_media_errors (Fixture *f, gconstpointer data)
{
  assert_refused (f, "[media]\nlisten = 0.0.0.0;127.0.0.1\n",
                  ": [media] listen = 127.0.0.1: must be of the other family than the one before");
  assert_refused (f, "[media]\nlisten = 0.0.0.0;::;::1\n",
                  ": [media] listen = 0.0.0.0;::;::1: must be at most 2, separated by semicolons");
  assert_refused (f, "[media]\npublic-address = meet.example\n",
                  ": [media] public-address = meet.example: must be an IPv4 or IPv6 address");
  assert_refused (f, "[media]\nports = 80-90\n", ": [media] ports = 80-90: must be MIN-MAX, from 1024 to 65535, or 0");
  assert_refused (f, "[media]\nwarm-spares = 17\n", ": [media] warm-spares = 17: must be a whole number from 0 to 16");
}

static void
test_recording_errors (Fixture *f, gconstpointer data)
{
  assert_refused (f, "[recording]\ndirectory = recordings\n",
                  ": [recording] directory = recordings: must be an absolute path");
  assert_refused (f, "[recording]\nstop-below-percent = 11\n",
                  ": [recording] stop-below-percent = 11: must be at most warn-below-percent");
}

static void
test_backup_errors (Fixture *f, gconstpointer data)
{
  assert_refused (f, "[backup]\ndirectory = backups\n", ": [backup] directory = backups: must be an absolute path");
  assert_refused (f, "[backup]\nhours = 8761\n", ": [backup] hours = 8761: must be a whole number from 0 to 8760");
  assert_refused (f, "[backup]\nkeep = 0\n", ": [backup] keep = 0: must be a whole number from 1 to 10000");
}

#define TRUNK "[sip]\nlisten = udp:127.0.0.1:0\nnumbers = +49 30 12\n"

#define TWO                                                                                                            \
  "[sip]\nlisten = udp:127.0.0.1:0;tcp:127.0.0.1:0\n[sip-trunk one]\ntrunk-addresses = ::1\nnumbers = "                \
  "12;34\n[sip-trunk two]\n"

static void
test_trunks (Fixture *f, gconstpointer data)
{
  g_autofree char *path = write_secret (f, "password", "s3cret", 0600), *open = write_secret (f, "open", "s", 0644);
  g_autofree char *good = g_strdup_printf (
    TWO "registrars = sip:one.example:5070;transport=tcp ; sip:two.example; transport=udp;\nuser = ann\n"
        "password-file = %s\nmax-calls = 3\nexpires-seconds = 60\n",
    path);
  g_autofree char *bad = g_strdup_printf (TWO "trunk-addresses = ::2\npassword-file = %s\n", open);
  g_autofree char *expected = g_strdup_printf (": [sip-trunk two] password-file = %s: must be a file that others may "
                                               "not read (chmod o= FILE)",
                                               open);
  g_autoptr (GError) error = NULL;
  g_autoptr (CvConfig) config = load (f, good, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (config->sip.trunks->len, ==, 2);
  const CvConfigTrunk *one = config->sip.trunks->pdata[0], *two = config->sip.trunks->pdata[1];
  g_assert_cmpstr (one->name, ==, "one");
  g_assert_cmpstr (one->numbers[1], ==, "34");
  g_assert_cmpuint (one->max_calls, ==, 200);
  g_assert_cmpuint (one->expires, ==, 300);
  g_assert_null (one->password);
  g_assert_cmpstr (two->registrars[0], ==, "sip:one.example:5070;transport=tcp");
  g_assert_cmpstr (two->registrars[1], ==, "sip:two.example;transport=udp");
  g_assert_null (two->registrars[2]);
  g_assert_cmpstr (two->user, ==, "ann");
  g_assert_cmpstr (two->password, ==, "s3cret");
  g_assert_cmpuint (two->max_calls, ==, 3);
  g_assert_cmpuint (two->expires, ==, 60);

  assert_refused (f, TWO, ": [sip-trunk two] trunk-addresses = : must be given where registrars are not");
  assert_refused (f, TWO "trunk-addresses = ::1\n",
                  ": [sip-trunk two] trunk-addresses = ::1: must be of one trunk only, unless both register and their "
                  "users differ");
  assert_refused (f, TWO "max-calls = 0\n", ": [sip-trunk two] max-calls = 0: must be a whole number from 1 to 1000");
  assert_refused (f, TWO "listen = udp:[::1]:0\n",
                  ": [sip-trunk two] listen: unknown key; there are numbers, registrars, user, password-file, "
                  "trunk-addresses, expires-seconds, max-calls");
  assert_refused (f, "[sip-trunk trunk]\nuser = u\n",
                  ": [sip-trunk trunk]: the name must be 1 to 40 of A-Z a-z 0-9 . _ - and not trunk");
  assert_refused (f, bad, expected);
}

static void
test_too_many_trunks (Fixture *f, gconstpointer data)
{
  g_autoptr (GString) text = g_string_new ("[sip]\n");

  for (guint i = 0; i < 16; i++)
    g_string_append_printf (text, "[sip-trunk t%u]\nuser = u\n", i);
  cv_config_free (load (f, text->str, NULL)); /* nobody listens */
  g_string_append (text, "[sip-trunk t16]\nuser = u\n");
  assert_refused (f, text->str, ": [sip-trunk t16]: there can be 16 trunks at most");
}

static void
test_sip_errors (Fixture *f, gconstpointer data)
{
  g_autofree char *password = g_strnfill (121, 'p'), *path = write_secret (f, "password", password, 0600);
  g_autofree char *text = g_strdup_printf (TRUNK "trunk-addresses = ::1\npassword-file = %s\n", path);
  g_autofree char *expected = g_strdup_printf (": [sip] password-file = %s: must be a file of one line with 1 to 120 "
                                               "bytes that can be printed",
                                               path);

  assert_refused (f, TRUNK "registrars = sip:one.example\n", ": [sip] user = : must be given where registrars are");
  assert_refused (f, TRUNK "trunk-addresses = ::1\nlisten = udp:0.0.0.0:0\n",
                  ": [sip] external-address = : must be given where listen is 0.0.0.0 or [::]: trunks are told it");
  assert_refused (f, text, expected);
}

static void
assert_media (Fixture *f, const char *text, const char *addresses, guint min, guint max)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CvConfig) config = load (f, text, &error);
  g_auto (GStrv) list = NULL;
  g_autofree char *joined = NULL;
  guint first, last;

  g_assert_no_error (error);
  list = cv_config_get_media_addresses (config);
  joined = g_strjoinv (" ", list);
  g_assert_cmpstr (joined, ==, addresses);
  cv_config_get_media_ports (config, &first, &last);
  g_assert_cmpuint (first, ==, min);
  g_assert_cmpuint (last, ==, max);
}

static void
test_media (Fixture *f, gconstpointer data)
{
  assert_media (f, "", "127.0.0.1", 40000, 40999);
  assert_media (f, "[server]\nlisten = localhost:0\n[media]\nports = 0\n", "127.0.0.1", 0, 0);
  assert_media (f, "[server]\nlisten = [::1]:80\n", "::1", 40000, 40999);
  assert_media (f, "[server]\nlisten = 192.0.2.1:80\n[media]\nports = 1024-65535\n", "0.0.0.0 ::", 1024, 65535);
  assert_media (f, "[server]\nlisten = unix:/run/x\n", "0.0.0.0 ::", 40000, 40999);
  assert_media (f, "[media]\nlisten = 192.0.2.1\n", "192.0.2.1", 40000, 40999);
}

static void
test_no_file (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (cv_config_load ("/nonexistent/conclave.conf", &error));
  g_assert_error (error, CV_CONFIG_ERROR, CV_CONFIG_ERROR_INVALID);
  g_assert_cmpstr (error->message, ==, "/nonexistent/conclave.conf: No such file or directory");
}

static void
test_bad_values (Fixture *f, gconstpointer data)
{
  static const char *const BAD[] = {
    "tls = true\n", /* no group */
    "[server]\nnonsense\n",
    "[server]\ntls =\n",
    "[server]\ntls = TRUE\n",
    "[server]\ntls = 1\n",
    "[server]\ntls[de] = true\n",
    "[server]\nlisten =\n",
    "[server]\nlisten = 8443\n",
    "[server]\nlisten = :8443\n",
    "[server]\nlisten = 127.0.0.1\n",
    "[server]\nlisten = 127.0.0.1:\n",
    "[server]\nlisten = 127.0.0.1:65536\n",
    "[server]\nlisten = 127.0.0.1:-1\n",
    "[server]\nlisten = 127.0.0.1:80x\n",
    "[server]\nlisten = 127.0.0.300:80\n",
    "[server]\nlisten = ::1:80\n",
    "[server]\nlisten = [::1]80\n",
    "[server]\nlisten = [127.0.0.1]:80\n",
    "[server]\nlisten = meet.example:80\n",
    "[server]\nlisten = unix:relative\n",
    "[server]\nlisten = unix:\n",
    "[server]\npublic-url = http://meet.example\n",
    "[server]\npublic-url = https://meet.example/\n",
    "[server]\npublic-url = https://meet.example/path\n",
    "[server]\npublic-url = https://user@meet.example\n",
    "[server]\npublic-url = https://\n",
    "[server]\npublic-url = https://meet example\n",
    "[server]\nembed-origins = *\n",
    "[server]\nembed-origins = http://a.example\n",
    "[server]\nembed-origins = https://A.example\n",
    "[server]\nembed-origins = https://a.example/\n",
    "[server]\nembed-origins = https://a.example:443\n",
    "[server]\nembed-origins = https://*.example\n",
    "[server]\nembed-origins = https://a.example 'self'\n",
    "[server]\nembed-origins = https://a.example, https://b.example\n",
    "[server]\nmax-sockets = 0\n",
    "[server]\nmax-sockets = -1\n",
    "[server]\nmax-sockets = +5\n",
    "[server]\nmax-sockets = 5.0\n",
    "[server]\nmax-sockets = 5 # many\n",
    "[server]\nmax-sockets = 99999999999999999999\n",
    "[server]\nmax-sockets =\n",
    "[server]\ntrusted-proxy = all\n",
    "[server]\nlog-level =\n",
    "[server]\ncertificate-file = ../c.pem\nkey-file = /k\n",
    "[server]\ncertificate-file = a/b\nkey-file = /k\n",
    "[media]\nlisten = localhost\n",
    "[media]\nlisten = fe80::1%eth0\n",
    "[media]\npublic-address = 192.0.2.1:80\n",
    "[media]\nports =\n",
    "[media]\nports = 40000\n",
    "[media]\nports = 40001-40000\n",
    "[media]\nports = 40000-65536\n",
    "[media]\nports = 40000-40001-40002\n",
    "[media]\nports = -1\n",
    "[recording]\nrenders = 0\n",
    "[recording]\naccel-prefix = files\n",
    "[webhooks]\nurl = ftp://hooks.example\n",
    "[webhooks]\nurl = hooks.example\n",
    "[webhooks]\nurl = https:///x\n",
    "[development]\nrender-program = conclave-render\n",
    "[turn]\nservers = stun:stun.example\n",
    "[turn]\nservers = turn:\n",
    "[turn]\nservers = turn:host:port\n",
    "[turn]\nservers = turn:host?transport=sctp\n",
    "[turn]\nservers = turn:user@host\n",
    "[turn]\nservers = turn:a;turn:b;turn:c;turn:d;turn:e;turn:f;turn:g;turn:h;turn:i\nsecret-file = /dev/null\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (BAD); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (CvConfig) config = load (f, BAD[i], &error);

    if (config != NULL)
      g_error ("accepted: %s", BAD[i]);
    g_assert_error (error, CV_CONFIG_ERROR, CV_CONFIG_ERROR_INVALID);
  }
}

static void
test_plain_http (Fixture *f, gconstpointer data)
{
  static const char *const GOOD[] = { "127.0.0.1:80", "127.9.9.9:0", "[::1]:80", "localhost:8080", "unix:/run/x.sock" };
  static const char *const BAD[] = { "0.0.0.0:80", "[::]:80", "192.0.2.1:80", "[2001:db8::1]:80" };

  for (guint i = 0; i < G_N_ELEMENTS (GOOD); i++) {
    g_autofree char *text = g_strdup_printf ("[server]\nlisten = %s\ntls = false\n", GOOD[i]);
    g_autoptr (GError) error = NULL;
    g_autoptr (CvConfig) config = load (f, text, &error);

    g_assert_no_error (error);
  }
  for (guint i = 0; i < G_N_ELEMENTS (BAD); i++) {
    g_autofree char *plain = g_strdup_printf ("[server]\nlisten = %s\ntls = false\n", BAD[i]);
    g_autofree char *tls = g_strdup_printf ("[server]\nlisten = %s\n", BAD[i]);
    g_autoptr (GError) error = NULL;
    g_autoptr (CvConfig) config = load (f, tls, &error);

    g_assert_no_error (error);
    g_assert_null (load (f, plain, &error));
    g_assert_error (error, CV_CONFIG_ERROR, CV_CONFIG_ERROR_INVALID);
  }
}

static void
test_set_listen (Fixture *f, gconstpointer data)
{
  g_autoptr (CvConfig) config = load (f, "[server]\ntls = false\n", NULL);
  g_autoptr (GSocketAddress) inet = NULL, unix_socket = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (cv_config_set_listen (config, "localhost:0", &error));
  inet = cv_config_get_address (config);
  g_assert_cmpuint (g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (inet)), ==, 0);
  g_assert_true (g_inet_address_get_is_loopback (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (inet))));
  g_assert_true (cv_config_set_listen (config, "unix:/run/c.sock", &error));
  unix_socket = cv_config_get_address (config);
  g_assert_cmpstr (g_unix_socket_address_get_path (G_UNIX_SOCKET_ADDRESS (unix_socket)), ==, "/run/c.sock");

  g_assert_false (cv_config_set_listen (config, "nowhere", &error));
  g_assert_error (error, CV_CONFIG_ERROR, CV_CONFIG_ERROR_INVALID);
  g_assert_true (g_str_has_prefix (error->message, "--listen nowhere: must be ADDRESS:PORT"));
  g_clear_error (&error);
  g_assert_false (cv_config_set_listen (config, "", &error));
  g_assert_error (error, CV_CONFIG_ERROR, CV_CONFIG_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_false (cv_config_set_listen (config, "0.0.0.0:80", &error));
  g_assert_error (error, CV_CONFIG_ERROR, CV_CONFIG_ERROR_INVALID);
}

static CvConfig *
load_secret (Fixture *f, const char *file, GError **error)
{
  g_autofree char *text = g_strdup_printf ("[turn]\nsecret-file = %s\n", file);

  return load (f, text, error);
}

static void
test_secrets (Fixture *f, gconstpointer data)
{
  g_autofree char *long_one = g_strnfill (1025, 's');
  g_autofree char *private = write_secret (f, "private", "a b=c;\r\n\n", 0600);
  g_autofree char *public = write_secret (f, "public", "s", 0644);
  g_autofree char *empty = write_secret (f, "empty", "\n", 0600);
  g_autofree char *lines = write_secret (f, "lines", "a\nb\n", 0600);
  g_autofree char *endless = write_secret (f, "endless", long_one, 0600);
  const char *bad[] = { public, empty, lines, endless, f->directory, "/nonexistent/secret" };
  g_autoptr (GError) error = NULL;
  g_autoptr (CvConfig) config = load_secret (f, private, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (config->turn_secret, ==, "a b=c;");
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_assert_null (load_secret (f, bad[i], &error));
    g_assert_error (error, CV_CONFIG_ERROR, CV_CONFIG_ERROR_INVALID);
    g_assert_nonnull (strstr (error->message, "[turn] secret-file = "));
    g_clear_error (&error);
  }
}

/* One that could be guessed is none. */
static void
test_ticket_secret (Fixture *f, gconstpointer data)
{
  g_autofree char *file = write_secret (f, "long", "an old pond, a frog jumps in, plop\n", 0600);
  g_autofree char *short_file = write_secret (f, "short", "an old pond, a frog jumps in, p\n", 0600);
  g_autofree char *good = g_strdup_printf ("[api]\nticket-secret-file = %s\n", file);
  g_autofree char *bad = g_strdup_printf ("[api]\nticket-secret-file = %s\n", short_file);
  g_autoptr (GError) error = NULL;
  g_autoptr (CvConfig) config = load (f, good, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (config->ticket_secret, ==, "an old pond, a frog jumps in, plop");
  g_assert_null (load (f, bad, &error));
  g_assert_nonnull (strstr (error->message, "[api] ticket-secret-file = "));
}

static void
test_credentials (Fixture *f, gconstpointer data)
{
  g_autofree char *path = write_secret (f, "turn-secret", "from systemd", 0400);
  g_autoptr (GError) error = NULL;
  g_autoptr (CvConfig) plain = NULL, prefixed = NULL;

  g_unsetenv ("CREDENTIALS_DIRECTORY");
  g_assert_null (load_secret (f, "turn-secret", &error));
  g_assert_error (error, CV_CONFIG_ERROR, CV_CONFIG_ERROR_INVALID);
  g_clear_error (&error);

  g_setenv ("CREDENTIALS_DIRECTORY", f->directory, TRUE);
  plain = load_secret (f, "turn-secret", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (plain->turn_secret, ==, "from systemd");
  prefixed = load_secret (f, "credential:turn-secret", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (prefixed->secret_file, ==, path);
  g_assert_null (load_secret (f, "credential:../turn-secret", &error));
  g_assert_error (error, CV_CONFIG_ERROR, CV_CONFIG_ERROR_INVALID);
  g_unsetenv ("CREDENTIALS_DIRECTORY");
}

#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/config/defaults", test_defaults);
  g_test_add_func ("/config/no-file", test_no_file);
  ADD ("/config/example", test_example);
  g_test_add_func ("/config/manual", test_manual);
  ADD ("/config/all-set", test_all_set);
  ADD ("/config/exact-errors", test_exact_errors);
  ADD ("/config/oidc", test_oidc);
  ADD ("/config/media-errors", test_media_errors);
  ADD ("/config/sip-errors", test_sip_errors);
  ADD ("/config/trunks", test_trunks);
  ADD ("/config/too-many-trunks", test_too_many_trunks);
  ADD ("/config/recording-errors", test_recording_errors);
  ADD ("/config/backup-errors", test_backup_errors);
  ADD ("/config/media", test_media);
  ADD ("/config/bad-values", test_bad_values);
  ADD ("/config/plain-http", test_plain_http);
  ADD ("/config/set-listen", test_set_listen);
  ADD ("/config/secrets", test_secrets);
  ADD ("/config/ticket-secret", test_ticket_secret);
  ADD ("/config/credentials", test_credentials);
  return g_test_run ();
}
