/* See application.h. */
#include "daemon/application.h"

#include "base/file-error.h"
#include "base/lock.h"
#include "daemon/certificate.h"
#include "daemon/drain.h"
#include "daemon/gateway.h"
#include "daemon/heartbeat.h"
#include "daemon/metrics.h"
#include "daemon/overview.h"
#include "daemon/paths.h"
#include "daemon/ticket-key.h"
#include "documents/cabinet.h"
#include "library/library.h"
#include "process/child.h"
#include "process/pool.h"
#include "signalling/clerk.h"
#include "signalling/herald.h"
#include "signalling/server.h"
#include "store/audit-keeper.h"
#include "store/audit.h"
#include "store/meetings.h"
#include "store/recovery.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/resource.h>

#define CV_LOG_TOPIC "application"
#include "base/log.h"

/* how long files and children may take at the end: longer than a recording and a child that are given up */
#define PATIENCE_MS 3500
#define TICK_MS 50
#define RESERVED_DESCRIPTORS 96

struct _CvApplication {
  const CvConfig *config; /* that it was started with; the caller's */
  int lock;               /* on the state directory, for as long as we live */
  CvClock *clock;
  CvStore *store;
  CvPool *media;  /* NULL where conclave-media is not installed */
  CvHooks *hooks; /* NULL: nobody is told */
  CvLibrary *library;
  CvCabinet *cabinet;
  CvClerk *clerk;
  CvBackups *backups;
  CvAuditKeeper *audit;
  char *recordings; /* the directory of all of them */
  CvShelf shelf;
  CvRegistry *registry;
  CvPress *press;
  CvScribe *scribe;
  CvMailer *mailer;   /* NULL: no e-mails are sent */
  char **numbers;     /* what people dial */
  CvGateway *gateway; /* NULL: nobody can call */
  CvMetrics *metrics;
  CvOverview *overview;
  CvServer *server;
  gboolean secure; /* people come by TLS */
  char *state;
  CvHeartbeat *heartbeat;
  CvDrain *drain; /* NULL: it is not asked to end */
};

static void
on_open_meetings_closed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  gint64 count = cv_meetings_close_open_finish (CV_STORE (source), result, &error);
  if (error != NULL)
    cv_warning (NULL, NULL, "meetings of the last run were not closed: %s", error->message);
  else if (count > 0)
    cv_notice (NULL, NULL, "%" G_GINT64_FORMAT " meetings were cut short when the last run ended", count);
}

/* The database, or the newest backup in its place, and backups from here on. */
static gboolean
open_database (CvApplication *self, const CvConfig *config, const char *state, GError **error)
{
  g_autofree char *database = g_build_filename (state, "conclave.db", NULL);
  g_autofree char *backups =
    *config->backups != '\0' ? g_strdup (config->backups) : g_build_filename (state, "backups", NULL);
  self->store = cv_recovery_open (database, backups, cv_clock_wall (self->clock), error);
  if (self->store == NULL)
    return FALSE;
  const CvBackupsOptions options = {
    .database = database, .directory = backups, .hours = config->backup_hours, .keep = config->backup_keep
  };
  self->backups = cv_backups_new (&options, self->clock);
  self->audit = cv_audit_keeper_new (self->store, self->clock, config->keep_audit_days);
  return TRUE;
}

static gboolean
open_state (CvApplication *self, const CvConfig *config, const char *state, GError **error)
{
  if (g_mkdir_with_parents (state, 0700) != 0)
    return cv_set_file_error (error, state);
  /* before the database is touched: a second daemon would end the first one's meetings in it */
  self->lock = cv_lock_take (state, error);
  if (self->lock < 0 || !open_database (self, config, state, error))
    return FALSE;
  cv_meetings_close_open_async (self->store, cv_clock_wall (self->clock), on_open_meetings_closed, NULL);
  return TRUE;
}

/* "HOST:PORT" → HOST, for the self-made certificate. */
static char *
get_listen_host (const char *listen)
{
  g_autoptr (GSocketConnectable) address = g_network_address_parse (listen, 0, NULL);
  return g_strdup (address != NULL ? g_network_address_get_hostname (G_NETWORK_ADDRESS (address)) : "localhost");
}

static GTlsCertificate *
load_certificate (const CvConfig *config, const char *state, GError **error)
{
  if (*config->certificate_file != '\0')
    return cv_certificate_load (config->certificate_file, config->key_file, NULL, error);
  g_autofree char *certificate = g_build_filename (state, "tls", "certificate.pem", NULL);
  g_autofree char *key = g_build_filename (state, "tls", "key.pem", NULL);
  g_autofree char *host = get_listen_host (config->listen);
  return cv_certificate_load (certificate, key, host, error);
}

/* FALSE where its addresses cannot be bound. A server without the program holds no Boardrooms and no Classrooms. */
static gboolean
make_media (CvApplication *self, const CvConfig *config, GError **error)
{
  g_auto (CvPaths) paths = { 0 };
  g_auto (GStrv) addresses = cv_config_get_media_addresses (config);
  cv_paths_init (&paths);
  const char *program = *config->media_program != '\0' ? config->media_program : paths.media;
  if (!g_file_test (program, G_FILE_TEST_IS_EXECUTABLE)) {
    cv_notice (NULL, NULL, "no Boardrooms and no Classrooms: %s is missing", program);
    return TRUE;
  }
  CvPoolOptions options = {
    .path = program,
    .warm_spares = config->warm_spares,
    .ports = { .addresses = (const char *const *) addresses,
               .public_addresses = (const char *const *) config->public_addresses },
    .clock = self->clock,
  };
  cv_config_get_media_ports (config, &options.ports.min, &options.ports.max);
  self->media = cv_pool_new (&options, error);
  return self->media != NULL;
}

/* A server without the program cannot be called. */
static gboolean
make_gateway (CvApplication *self, const CvConfig *config, const char *state, GError **error)
{
  g_auto (CvPaths) paths = { 0 };
  gboolean own = *config->certificate_file == '\0';
  g_autofree char *certificate =
    own ? g_build_filename (state, "tls", "certificate.pem", NULL) : g_strdup (config->certificate_file);
  g_autofree char *key = own ? g_build_filename (state, "tls", "key.pem", NULL) : g_strdup (config->key_file);
  cv_paths_init (&paths);
  if (!cv_gateway_is_wanted (config))
    return TRUE;
  const char *program = *config->sip_program != '\0' ? config->sip_program : paths.sip;
  if (!g_file_test (program, G_FILE_TEST_IS_EXECUTABLE)) {
    cv_warning (NULL, NULL, "nobody can call: %s is missing", program);
    return TRUE;
  }
  /* which makes it at the first start */
  g_autoptr (GTlsCertificate) made = load_certificate (config, state, error);
  if (made == NULL)
    return FALSE;
  self->gateway = cv_gateway_new (config, state, certificate, key, self->clock, error);
  if (self->gateway == NULL)
    return FALSE;
  self->numbers = cv_config_sip_list_numbers (&config->sip);
  cv_registry_set_numbers (self->registry, (const char *const *) self->numbers);
  return TRUE;
}

/* Of the language in which the server writes. Returns: (transfer full). */
static CvWords *
load_words (const CvConfig *config)
{
  g_auto (CvPaths) paths = { 0 };
  cv_paths_init (&paths);
  return cv_words_new (paths.po, config->language, NULL);
}

/* Recordings are kept, with or without the program that makes films of them. */
static void
make_library (CvApplication *self, const CvConfig *config, const char *state, const CvWords *words)
{
  g_auto (CvPaths) paths = { 0 };
  cv_paths_init (&paths);
  const char *said[CV_FILM_N_WORDS + 1] = { NULL };
  for (guint i = 0; i < CV_FILM_N_WORDS; i++)
    said[i] = cv_words_get (words, CV_WORD_FILM + i);
  self->recordings =
    *config->recordings != '\0' ? g_strdup (config->recordings) : g_build_filename (state, "recordings", NULL);
  const char *program = *config->render_program != '\0' ? config->render_program : paths.render;
  gboolean found = g_file_test (program, G_FILE_TEST_IS_EXECUTABLE);
  if (!found)
    cv_notice (NULL, NULL, "nothing is made of recordings: %s is missing", program);
  if (*config->webhooks_url != '\0')
    self->hooks = cv_hooks_new (self->store, self->clock, config->webhooks_url, config->webhooks_secret);
  CvLibraryOptions options = {
    .store = self->store,
    .clock = self->clock,
    .hooks = self->hooks,
    .directory = self->recordings,
    .render_program = found ? program : NULL,
    .renders = config->renders,
    .words = said,
    .keep_days = config->keep_days,
  };
  self->library = cv_library_new (&options);
  cv_library_start (self->library);
}

/* Returns: (transfer full). */
static char *
find_ticket_key (const CvConfig *config, const char *state, GError **error)
{
  g_autofree char *path = g_build_filename (state, "ticket.key", NULL);
  return config->ticket_secret != NULL ? g_strdup (config->ticket_secret) : cv_ticket_key_load (path, error);
}

/* Returns: (transfer full). */
static char *
find_receipt_key (const char *state, GError **error)
{
  g_autofree char *path = g_build_filename (state, "receipt.key", NULL);
  return cv_ticket_key_load (path, error);
}

/* FALSE where there is no key for it. */
static gboolean
make_cabinet (CvApplication *self, const CvConfig *config, const char *state, GError **error)
{
  g_autofree char *directory =
    *config->documents != '\0' ? g_strdup (config->documents) : g_build_filename (state, "documents", NULL);
  g_autofree char *key = find_ticket_key (config, state, error);
  if (key == NULL)
    return FALSE;
  const CvCabinetOptions options = {
    .store = self->store,
    .clock = self->clock,
    .directory = directory,
    .max_bytes = config->document_bytes,
    .quota = config->document_quota,
    .spare_bytes = config->stop_below_bytes,
    .refused = (const char *const *) config->refused_names,
    .scan = config->scan,
    .scan_ms = config->scan_seconds * 1000,
    .key = key,
  };
  self->cabinet = cv_cabinet_new (&options);
  cv_cabinet_start (self->cabinet);
  return TRUE;
}

static CvDiskLimits
describe_disk (const CvConfig *config)
{
  return (CvDiskLimits){ .warn_percent = config->warn_below_percent,
                         .stop_percent = config->stop_below_percent,
                         .stop_bytes = config->stop_below_bytes };
}

static void
make_shelf (CvApplication *self, const CvConfig *config)
{
  const CvDiskLimits limits = describe_disk (config);
  self->shelf = (CvShelf){ .directory = self->recordings, .disk = cv_disk_new (self->recordings, &limits) };
}

/* What documents and e-mails show of whose server they come from, from now on. */
static void
set_letterhead (CvApplication *self, const CvConfig *config)
{
  const CvLetterheadOptions options = { .name = config->brand_name,
                                        .accent = config->brand_accent,
                                        .imprint = config->imprint,
                                        .privacy = config->privacy,
                                        .terms = config->terms };
  g_autoptr (CvLetterhead) letterhead = cv_letterhead_new (&options);
  cv_press_set_letterhead (self->press, letterhead);
  if (self->mailer != NULL)
    cv_mailer_set_letterhead (self->mailer, letterhead);
}

/* What is kept of meetings, and goes out by e-mail. */
static void
make_scribe (CvApplication *self, const CvConfig *config, CvWords *words)
{
  const CvScribeOptions options = {
    .store = self->store, .clock = self->clock, .keep_days = config->keep_content_days, .cabinet = self->cabinet
  };
  self->press = cv_press_new (words);
  self->scribe = cv_scribe_new (&options);
  if (*config->mail_server == '\0')
    return;
  const CvPostOptions post = { .server = config->mail_server,
                               .from = config->mail_from,
                               .username = config->mail_username,
                               .password = config->mail_password,
                               .ca_file = config->mail_ca_file,
                               .plain = config->mail_plain };
  const CvMailerOptions mail = {
    .store = self->store, .clock = self->clock, .words = words, .post = &post, .server = config->public_url
  };
  self->mailer = cv_mailer_new (&mail);
}

static void
make_metrics (CvApplication *self)
{
  const CvGaugesParts parts = {
    .store = self->store,
    .clock = self->clock,
    .registry = self->registry,
    .library = self->library,
    .backups = self->backups,
    .disk = self->shelf.disk,
    .pool = self->media,
  };
  self->metrics = cv_metrics_new (&parts);
  self->overview = cv_overview_new (&parts);
}

static gboolean
is_secure (const CvConfig *config)
{
  return config->tls && !g_str_has_prefix (config->listen, "unix:");
}

/* Returns: (transfer full). */
static CvBranding *
make_branding (const CvConfig *config)
{
  const CvBrandingOptions options = { .name = config->brand_name,
                                      .accent = config->brand_accent,
                                      .logo = config->logo,
                                      .logo_type = config->logo_type,
                                      .imprint = config->imprint,
                                      .privacy = config->privacy,
                                      .terms = config->terms };
  return cv_branding_new (&options);
}

/* Returns: (transfer full): what people call the provider. */
static char *
find_label (const CvConfig *config)
{
  g_autoptr (GUri) issuer = g_uri_parse (config->oidc_issuer, G_URI_FLAGS_NONE, NULL);
  return g_strdup (*config->oidc_label != '\0' || issuer == NULL ? config->oidc_label : g_uri_get_host (issuer));
}

static CvElsewhereOptions
describe_elsewhere (const CvConfig *config, const char *label)
{
  return (CvElsewhereOptions){ .provider = { .issuer = config->oidc_issuer,
                                             .client = config->oidc_client,
                                             .secret = config->oidc_secret,
                                             .scopes = config->oidc_scopes,
                                             .rules = { .login_claim = config->oidc_login_claim,
                                                        .groups_claim = config->oidc_groups_claim,
                                                        .groups = (const char *const *) config->oidc_groups,
                                                        .domains = (const char *const *) config->oidc_domains } },
                               .label = label,
                               .makes_accounts = config->oidc_make_accounts };
}

/* What is not for connections is for files, processes of media and their sockets: a meeting that begins has some, however many come. */
static guint
count_spare_descriptors (void)
{
  struct rlimit limit;
  if (getrlimit (RLIMIT_NOFILE, &limit) != 0)
    return 0;
  rlim_t all = MIN (limit.rlim_cur, G_MAXINT);
  return (guint) MAX (all / 2, all - MIN (all, MAX (RESERVED_DESCRIPTORS, all / 8)));
}

static CvTurn
describe_turn (const CvConfig *config)
{
  return (CvTurn){ .servers = config->servers,
                   .secret = config->turn_secret,
                   .lifetime = config->lifetime_seconds,
                   .relay_only = config->relay_only };
}

static CvServerRules
describe_rules (const CvConfig *config)
{
  return (CvServerRules){ .anyone_may_create = config->anyone_may_create,
                          .max_sockets = config->max_sockets,
                          .max_connections_per_address = config->max_connections_per_address,
                          .joins_per_minute = config->joins_per_minute,
                          .sign_ins_per_minute = config->sign_ins_per_minute,
                          .messages_per_second = config->messages_per_second,
                          .rooms_per_hour = config->rooms_per_hour,
                          .metrics_from = (const char *const *) config->metrics_from };
}

static CvServer *
make_server (CvApplication *self, const CvConfig *config, const char *state, GError **error)
{
  g_auto (CvPaths) paths = { 0 };
  g_autoptr (GTlsCertificate) certificate = NULL;
  cv_paths_init (&paths);
  if (is_secure (config)) {
    certificate = load_certificate (config, state, error);
    if (certificate == NULL)
      return NULL;
  }
  g_autofree char *ticket_key = find_ticket_key (config, state, error);
  g_autofree char *receipt_key = ticket_key != NULL ? find_receipt_key (state, error) : NULL;
  if (receipt_key == NULL)
    return NULL;
  CvAssets *assets = cv_assets_load (paths.web, paths.po, (const char *const *) config->embed_origins, error);
  if (assets == NULL)
    return NULL;
  g_autofree char *label = find_label (config);
  const CvElsewhereOptions elsewhere = describe_elsewhere (config, label);
  CvServerOptions options = {
    .registry = self->registry,
    .store = self->store,
    .library = self->library,
    .elsewhere = *config->oidc_issuer != '\0' ? &elsewhere : NULL,
    .recordings = self->recordings,
    .accel_prefix = config->accel_prefix,
    .cabinet = self->cabinet,
    .documents_accel_prefix = config->documents_accel_prefix,
    .backups = self->backups,
    .press = self->press,
    .scribe = self->scribe,
    .mailer = self->mailer,
    .clock = self->clock,
    .assets = assets,
    .branding = make_branding (config),
    .certificate = certificate,
    .public_url = config->public_url,
    .behind_proxy = g_str_equal (config->trusted_proxy, "loopback"),
    .ticket_key = ticket_key,
    .receipt_key = receipt_key,
    .telephony = self->gateway != NULL ? cv_gateway_get_telephony (self->gateway) : NULL,
    .calls_per_room = config->sip.max_calls_per_room,
    .keep_calls_days = config->sip.keep_days,
    .turn = describe_turn (config),
    .rules = describe_rules (config),
    .seat_ms = config->seat_seconds * 1000,
    .max_connections = count_spare_descriptors (),
    .metrics = cv_metrics_get_source (self->metrics),
    .overview = cv_overview_get_source (self->overview),
  };
  return cv_server_new (&options);
}

static void
on_recording_finished (CvApplication *self, const char *id)
{
  cv_audit_note (self->store, self->clock, "server", "recording.end", id, NULL);
}

CvApplication *
cv_application_new (const CvConfig *config, const char *state, GError **error)
{
  g_autoptr (CvApplication) self = g_new0 (CvApplication, 1);
  self->config = config;
  self->lock = -1;
  self->clock = cv_clock_new ();
  self->state = g_strdup (state);
  self->secure = is_secure (config);
  if (!open_state (self, config, state, error) || !make_media (self, config, error))
    return NULL;
  g_autoptr (CvWords) words = load_words (config);
  make_library (self, config, state, words);
  if (!make_cabinet (self, config, state, error))
    return NULL;
  self->registry = cv_registry_new (self->store, self->clock, config->empty_seconds * 1000,
                                    (const char *const *) config->signalling_only_kinds);
  cv_registry_set_media_pool (self->registry, (CvMediaPool *) self->media);
  cv_registry_set_library (self->registry, self->library);
  cv_registry_set_cabinet (self->registry, self->cabinet);
  self->clerk = cv_clerk_new (self->registry, self->cabinet);
  make_scribe (self, config, words);
  set_letterhead (self, config);
  g_signal_connect_object (self->registry, "meeting-over", G_CALLBACK (cv_scribe_write), self->scribe,
                           G_CONNECT_SWAPPED);
  make_shelf (self, config);
  cv_registry_set_shelf (self->registry, &self->shelf);
  if (self->hooks != NULL)
    cv_herald_listen (self->registry, self->hooks, self->clock);
  g_signal_connect_swapped (self->registry, "recording-started", G_CALLBACK (cv_library_started), self->library);
  g_signal_connect_swapped (self->registry, "recording-finished", G_CALLBACK (cv_library_finished), self->library);
  g_signal_connect_swapped (self->registry, "recording-finished", G_CALLBACK (on_recording_finished), self);
  if (!make_gateway (self, config, state, error))
    return NULL;
  make_metrics (self);
  self->server = make_server (self, config, state, error);
  if (self->server == NULL)
    return NULL;
  cv_metrics_set_server (self->metrics, self->server);
  cv_overview_start (self->overview, self->server);
  if (self->gateway != NULL)
    cv_gateway_start (self->gateway);
  g_autofree char *admin = g_build_filename (state, "admin.sock", NULL);
  if (!cv_server_listen (self->server, config->listen, admin, error))
    return NULL;
  self->heartbeat = cv_heartbeat_new (self->store, self->clock, cv_server_get_url (self->server));
  return g_steal_pointer (&self);
}

static void
tell_later (const char *group)
{
  cv_notice (NULL, NULL, "[%s] has changed: that counts from the next start", group);
}

/* A secret is for who it was made for: where that is somebody else now, or there is something new, all of it waits. */
static void
replace_secrets (CvApplication *self, const CvConfig *config)
{
  CvOidcProvider *provider = cv_server_get_provider (self->server);
  if (provider != NULL
        ? !cv_oidc_provider_set_secret (provider, config->oidc_issuer, config->oidc_client, config->oidc_secret)
        : *config->oidc_issuer != '\0')
    tell_later ("oidc");
  if (self->hooks != NULL ? !cv_hooks_set_secret (self->hooks, config->webhooks_url, config->webhooks_secret)
                          : *config->webhooks_url != '\0')
    tell_later ("webhooks");
  if (self->mailer != NULL
        ? !cv_mailer_set_password (self->mailer, config->mail_server, config->mail_username, config->mail_password)
        : *config->mail_server != '\0')
    tell_later ("mail");
  if (self->gateway != NULL ? !cv_gateway_set_passwords (self->gateway, config) : cv_gateway_is_wanted (config))
    tell_later ("sip");
}

/* What people may do, and how long what they did is kept. */
static void
replace_rules (CvApplication *self, const CvConfig *config)
{
  const CvTurn turn = describe_turn (config);
  const CvServerRules rules = describe_rules (config);
  const CvDiskLimits limits = describe_disk (config);
  CvCallers *callers = cv_server_get_callers (self->server);
  cv_server_set_turn (self->server, &turn);
  cv_server_set_rules (self->server, &rules);
  cv_disk_set_limits (self->shelf.disk, &limits);
  cv_cabinet_set_spare_bytes (self->cabinet, config->stop_below_bytes);
  cv_library_set_keep_days (self->library, config->keep_days);
  cv_scribe_set_keep_days (self->scribe, config->keep_content_days);
  cv_audit_keeper_set_keep_days (self->audit, config->keep_audit_days);
  if (callers != NULL)
    cv_callers_set_keep_days (callers, config->sip.keep_days);
}

/* What a reload takes, by pattern: here, and the log's level and the time to drain in main.c. Everything else counts from the
 * next start. */
static const char *const AT_ONCE[] = {
  "server.certificate-file",
  "server.key-file",
  "server.log-level",
  "server.drain-seconds",
  "server.max-sockets",
  "server.max-connections-per-address",
  "server.metrics-from",
  "rooms.anyone-may-create",
  "limits.*",
  "branding.*",
  "turn.*",
  "recording.keep-days",
  "recording.warn-below-percent",
  "recording.stop-below-*",
  "content.keep-days",
  "audit.keep-days",
  "sip.keep-days",
  "sip.password-file",
  "sip-trunk *.password-file",
  "mail.password-file",
  "webhooks.secret-file",
  "api.ticket-secret-file",
  "oidc.client-secret-file",
};

static gboolean
is_at_once (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (AT_ONCE); i++)
    if (g_pattern_match_simple (AT_ONCE[i], name))
      return TRUE;
  return FALSE;
}

/* Returns: (transfer full). */
static char **
list_waiting (CvApplication *self, const CvConfig *config)
{
  g_autoptr (GStrvBuilder) waiting = g_strv_builder_new ();
  g_auto (GStrv) changed = cv_config_changed (self->config, config);
  for (char **name = changed; *name != NULL; name++)
    if (!is_at_once (*name))
      g_strv_builder_add (waiting, *name);
  return g_strv_builder_end (waiting);
}

char **
cv_application_reload (CvApplication *self, const CvConfig *config, GError **error)
{
  g_autofree char *ticket_key = find_ticket_key (config, self->state, error);
  if (ticket_key == NULL)
    return NULL;
  cv_heartbeat_begin_reload (self->heartbeat);
  g_autoptr (GTlsCertificate) certificate = self->secure ? load_certificate (config, self->state, error) : NULL;
  gboolean done =
    !self->secure || (certificate != NULL && cv_server_set_certificate (self->server, certificate, error));
  cv_heartbeat_end_reload (self->heartbeat);
  if (!done)
    return NULL;
  cv_server_set_ticket_key (self->server, ticket_key);
  replace_secrets (self, config);
  replace_rules (self, config);
  cv_server_set_branding (self->server, make_branding (config));
  set_letterhead (self, config);
  cv_audit_note (self->store, self->clock, "admin", "configuration.reload", NULL, NULL);
  return list_waiting (self, config);
}

gboolean
cv_application_drain (CvApplication *self, guint seconds, GSourceOnceFunc done, gpointer user_data)
{
  if (self->drain != NULL || cv_registry_count_people (self->registry) == 0)
    return FALSE;
  self->drain = cv_drain_new (self->registry, self->clock, seconds, done, user_data);
  return TRUE;
}

static gboolean
on_tick (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

/* Runs the main loop until `is_done`, or PATIENCE_MS are over. */
static void
wait_until (gboolean (*is_done) (CvApplication *), CvApplication *self, const char *what)
{
  gint64 end = g_get_monotonic_time () + PATIENCE_MS * 1000;
  guint tick = g_timeout_add (TICK_MS, on_tick, NULL);
  while (!is_done (self) && g_get_monotonic_time () < end)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (tick);
  if (!is_done (self))
    cv_warning (NULL, NULL, "%s at the end", what);
}

static gboolean
is_nothing_recorded (CvApplication *self)
{
  return cv_registry_end_recordings (self->registry) == 0;
}

static gboolean
is_without_children (CvApplication *self)
{
  return cv_child_count () == 0;
}

void
cv_application_free (CvApplication *self)
{
  g_clear_pointer (&self->drain, cv_drain_free);
  g_clear_pointer (&self->heartbeat, cv_heartbeat_free);
  if (self->server != NULL)
    cv_server_stop (self->server);
  g_clear_pointer (&self->metrics, cv_metrics_stop);
  g_clear_pointer (&self->overview, cv_overview_free);
  /* Files are whole when their process has closed them, which ends with us. People's seats are there until then. */
  if (self->registry != NULL)
    wait_until (is_nothing_recorded, self, "a recording is still not closed");
  /* Callers hear that it ends, while there are meetings. */
  g_clear_pointer (&self->gateway, cv_gateway_free);
  g_clear_object (&self->registry);
  if (self->scribe != NULL)
    cv_scribe_stop (self->scribe);
  if (self->mailer != NULL)
    cv_mailer_stop (self->mailer);
  if (self->library != NULL)
    cv_library_stop (self->library);
  g_clear_object (&self->library);
  g_clear_object (&self->hooks);
  if (self->cabinet != NULL)
    cv_cabinet_stop (self->cabinet);
  if (self->media != NULL) {
    cv_pool_stop (self->media);
    wait_until (is_without_children, self, "children are left");
  }
  g_strfreev (self->numbers);
  g_clear_object (&self->media);
  /* Not sooner: while we waited, requests that were on their way came to it. */
  g_clear_object (&self->server);
  g_clear_object (&self->mailer);
  g_clear_object (&self->scribe);
  g_clear_pointer (&self->press, cv_press_free);
  g_clear_object (&self->clerk);
  g_clear_object (&self->cabinet);
  g_clear_pointer (&self->shelf.disk, cv_disk_free);
  g_clear_pointer (&self->audit, cv_audit_keeper_free);
  if (self->backups != NULL)
    cv_backups_stop (self->backups);
  g_clear_object (&self->backups);
  if (self->store != NULL)
    cv_store_close (self->store);
  g_clear_object (&self->store);
  g_clear_object (&self->clock);
  if (self->lock >= 0)
    g_close (self->lock, NULL);
  g_free (self->recordings);
  g_free (self->state);
  g_free (self);
}

const char *
cv_application_get_url (CvApplication *self)
{
  return cv_server_get_url (self->server);
}
