/* Webhooks: see hooks.h. */
#include "library/hooks.h"

#include "base/ids.h"
#include "base/tally.h"
#include "store/deliveries.h"

#include <libsoup/soup.h>
#include <string.h>

#define CV_LOG_TOPIC "hooks"
#include "base/log.h"

/* s from an attempt that failed to the next: 10 s … 6 h */
static const guint BACKOFF_S[] = { 10, 60, 300, 900, 3600, 3 * 3600, 6 * 3600 };
G_STATIC_ASSERT (G_N_ELEMENTS (BACKOFF_S) == CV_HOOKS_MAX_ATTEMPTS - 1);
/* ms until the database is asked again where it could not answer */
#define RETRY_MS 60000
/* a clock that is set back must not keep us waiting for good */
#define MAX_WAIT_MS (G_GINT64_CONSTANT (6) * 3600 * 1000)

struct _CvHooks {
  GObject parent_instance;
  CvStore *store;
  CvClock *clock;
  char *url;
  char *secret;
  SoupSession *session;
  CvDeliveryRow *current;    /* the one that is being made; NULL: none */
  GCancellable *cancellable; /* of it */
  gboolean looking;          /* the database is being asked for the next one */
  gboolean again;            /* and there is a newer one since */
  gboolean stopped;
  guint timer;    /* until the next is due */
  guint deadline; /* of the current one */
};

G_DEFINE_FINAL_TYPE (CvHooks, cv_hooks, G_TYPE_OBJECT)

static void look (gpointer user_data);

static void
look_later (CvHooks *self, gint64 ms)
{
  cv_clock_cancel (self->clock, &self->timer);
  self->timer = cv_clock_after (self->clock, (guint) CLAMP (ms, 1, MAX_WAIT_MS), look, self);
}

/* ---- One call ---- */

/* Returns: (transfer full). */
static char *
sign (CvHooks *self, const char *body)
{
  gint64 seconds = cv_clock_wall (self->clock) / 1000;
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT ".%s", seconds, body);
  g_autofree char *digest =
    g_compute_hmac_for_string (G_CHECKSUM_SHA256, (const guint8 *) self->secret, strlen (self->secret), text, -1);

  return g_strdup_printf ("t=%" G_GINT64_FORMAT ",v1=%s", seconds, digest);
}

static SoupMessage *
build_message (CvHooks *self, const CvDeliveryRow *row)
{
  SoupMessage *message = soup_message_new ("POST", self->url);
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);
  g_autofree char *signature = sign (self, row->body);
  g_autoptr (GBytes) body = g_bytes_new (row->body, strlen (row->body));

  soup_message_set_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  soup_message_set_request_body_from_bytes (message, "application/json", body);
  soup_message_headers_replace (headers, "Conclave-Delivery", row->id);
  soup_message_headers_replace (headers, "Conclave-Signature", signature);
  return message;
}

static void
on_row_changed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CvHooks) self = user_data;
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&self->current, cv_delivery_row_free);
  if (cv_store_run_finish_plain (CV_STORE (source), result, &error)) {
    look (self);
    return;
  }
  cv_warning (NULL, NULL, "the state of a webhook's call was not stored: %s", error->message);
  if (!self->stopped)
    look_later (self, RETRY_MS); /* it is due again, as far as the database knows */
}

static void
note_failure (CvHooks *self, const char *text)
{
  CvDeliveryRow *row = self->current;

  cv_tally_count (CV_TALLY_HOOKS_FAILED);
  row->attempts++;
  g_free (row->error);
  row->error = g_strdup (text);
  if (row->attempts >= CV_HOOKS_MAX_ATTEMPTS) {
    row->next_at = 0;
    cv_notice (NULL, NULL, "%s of a webhook was given up: %s", row->id, text);
  } else {
    row->next_at = cv_clock_wall (self->clock) + BACKOFF_S[row->attempts - 1] * G_GINT64_CONSTANT (1000);
    cv_info (NULL, NULL, "%s of a webhook failed, attempt %u: %s", row->id, row->attempts, text);
  }
  cv_deliveries_update_async (self->store, row, on_row_changed, g_object_ref (self));
}

/* The answer's head is all we read. */
static void
on_answered (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CvHooks) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (SoupMessage) message =
    g_object_ref (soup_session_get_async_result_message (SOUP_SESSION (source), result));
  g_autoptr (GInputStream) body = soup_session_send_finish (SOUP_SESSION (source), result, &error);
  g_autofree char *text = NULL;

  cv_clock_cancel (self->clock, &self->deadline);
  g_cancellable_cancel (self->cancellable); /* whatever it still wants to say */
  g_clear_object (&self->cancellable);
  if (self->stopped)
    return;
  if (error == NULL && SOUP_STATUS_IS_SUCCESSFUL (soup_message_get_status (message))) {
    cv_tally_count (CV_TALLY_HOOKS);
    cv_deliveries_delete_async (self->store, self->current->id, on_row_changed, g_object_ref (self));
    return;
  }
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    text = g_strdup ("no answer in time");
  else
    text = error != NULL ? g_strdup (error->message) : g_strdup_printf ("status %u", soup_message_get_status (message));
  note_failure (self, text);
}

static void
on_deadline (gpointer user_data)
{
  CvHooks *self = user_data;

  self->deadline = 0;
  g_cancellable_cancel (self->cancellable);
}

static void
call (CvHooks *self)
{
  g_autoptr (SoupMessage) message = build_message (self, self->current);

  self->cancellable = g_cancellable_new ();
  self->deadline = cv_clock_after (self->clock, CV_HOOKS_ANSWER_MS, on_deadline, self);
  soup_session_send_async (self->session, message, G_PRIORITY_DEFAULT, self->cancellable, on_answered,
                           g_object_ref (self));
}

/* ---- The queue ---- */

static void
on_next_found (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CvHooks) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CvDeliveryRow) row = cv_deliveries_next_finish (CV_STORE (source), result, &error);
  gint64 due_ms = row != NULL ? row->next_at - cv_clock_wall (self->clock) : 0;

  self->looking = FALSE;
  if (self->stopped)
    return;
  if (self->again) {
    look (self);
  } else if (row == NULL) {
    if (g_error_matches (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING))
      return;
    cv_warning (NULL, NULL, "calls of webhooks are not read: %s", error->message);
    look_later (self, RETRY_MS);
  } else if (due_ms > 0) {
    look_later (self, due_ms);
  } else {
    self->current = g_steal_pointer (&row);
    call (self);
  }
}

/* Makes the next call, should one be due. */
static void
look (gpointer user_data)
{
  CvHooks *self = user_data;

  cv_clock_cancel (self->clock, &self->timer);
  self->again = self->looking;
  if (self->looking || self->current != NULL || self->stopped)
    return;
  self->looking = TRUE;
  cv_deliveries_next_async (self->store, on_next_found, g_object_ref (self));
}

static void
on_inserted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CvHooks) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!cv_deliveries_insert_finish (CV_STORE (source), result, &error))
    cv_warning (NULL, NULL, "a webhook's call was not stored and is lost: %s", error->message);
  else
    look (self);
}

/* "recording.ready" is about a `recording`. Returns: (transfer full). */
static char *
build_body (const char *id, const char *event, gint64 at, JsonNode *object)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autofree char *noun = g_strndup (event, strcspn (event, "."));

  json_builder_begin_object (builder);
  cv_json_add_text (builder, "id", id);
  cv_json_add_text (builder, "event", event);
  cv_json_add_int (builder, "at", at);
  json_builder_set_member_name (builder, noun);
  json_builder_add_value (builder, json_node_ref (object));
  json_builder_end_object (builder);
  return cv_json_builder_to_text (builder, NULL);
}

/* FALSE where that is too much for one call. */
static gboolean
queue (CvHooks *self, const char *event, const char *room, JsonNode *object)
{
  gint64 now = cv_clock_wall (self->clock);
  g_autofree char *id = cv_id_new ("d");
  g_autofree char *body = build_body (id, event, now, object);
  const CvDeliveryRow row = {
    .id = id, .created = now, .event = (char *) event, .body = body, .next_at = now, .room = (char *) room
  };

  if (strlen (body) > CV_HOOKS_MAX_BODY)
    return FALSE;
  cv_deliveries_insert_async (self->store, &row, on_inserted, g_object_ref (self));
  return TRUE;
}

void
cv_hooks_post (CvHooks *self, const char *event, const char *room, JsonNode *object)
{
  g_return_if_fail (CV_IS_HOOKS (self));
  g_return_if_fail (event != NULL && room != NULL && object != NULL);

  if (!queue (self, event, room, object))
    cv_warning (room, NULL, "a webhook's call is too long and is not made: %s", event);
}

/* Returns: (transfer full). */
static JsonNode *
build_entry (const CvEntry *entry, CvEntryParts parts)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  cv_entry_add (entry, builder, parts);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

void
cv_hooks_post_entry (CvHooks *self, const char *event, const CvEntry *entry)
{
  g_autoptr (JsonNode) whole = NULL;
  g_autoptr (JsonNode) plain = NULL;

  g_return_if_fail (CV_IS_HOOKS (self));
  g_return_if_fail (event != NULL && entry != NULL);

  whole = build_entry (entry, CV_ENTRY_FILES);
  if (queue (self, event, entry->row->room, whole))
    return;
  plain = build_entry (entry, CV_ENTRY_PLAIN);
  cv_hooks_post (self, event, entry->row->room, plain);
}

void
cv_hooks_stop (CvHooks *self)
{
  g_return_if_fail (CV_IS_HOOKS (self));

  self->stopped = TRUE;
  cv_clock_cancel (self->clock, &self->timer);
  cv_clock_cancel (self->clock, &self->deadline);
  g_cancellable_cancel (self->cancellable);
}

CvHooks *
cv_hooks_new (CvStore *store, CvClock *clock, const char *url, const char *secret)
{
  CvHooks *self;

  g_return_val_if_fail (CV_IS_STORE (store), NULL);
  g_return_val_if_fail (url != NULL && secret != NULL, NULL);

  self = g_object_new (CV_TYPE_HOOKS, NULL);
  self->store = g_object_ref (store);
  self->clock = g_object_ref (clock);
  self->url = g_strdup (url);
  self->secret = g_strdup (secret);
  /* no proxy, no cookies, one connection that is not kept */
  self->session = soup_session_new_with_options ("max-conns", 1, "max-conns-per-host", 1, "proxy-resolver", NULL,
                                                 "user-agent", "Conclave", "idle-timeout", 1, NULL);
  look (self);
  return self;
}

gboolean
cv_hooks_set_secret (CvHooks *self, const char *url, const char *secret)
{
  g_return_val_if_fail (CV_IS_HOOKS (self), FALSE);

  if (secret == NULL || !g_str_equal (url, self->url))
    return FALSE;
  cv_secret_replace (&self->secret, secret);
  return TRUE;
}

static void
cv_hooks_dispose (GObject *object)
{
  CvHooks *self = CV_HOOKS (object);

  if (self->clock != NULL)
    cv_hooks_stop (self);
  g_clear_object (&self->session);
  g_clear_object (&self->store);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (cv_hooks_parent_class)->dispose (object);
}

static void
cv_hooks_finalize (GObject *object)
{
  CvHooks *self = CV_HOOKS (object);

  g_clear_pointer (&self->current, cv_delivery_row_free);
  g_clear_object (&self->cancellable);
  g_free (self->url);
  cv_secret_replace (&self->secret, NULL);
  G_OBJECT_CLASS (cv_hooks_parent_class)->finalize (object);
}

static void
cv_hooks_class_init (CvHooksClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = cv_hooks_dispose;
  G_OBJECT_CLASS (klass)->finalize = cv_hooks_finalize;
}

static void
cv_hooks_init (CvHooks *self)
{
}
