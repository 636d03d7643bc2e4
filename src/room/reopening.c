/* See reopening.h. */
#include "room/reopening.h"

#include <string.h>

#define CV_LOG_TOPIC "room"
#include "base/log.h"

struct _CvReopening {
  CvRegistry *registry;
  CvClock *clock;
  CvBuckets *creations;
  gint64 started; /* ms since 1970 */
  guint8 key[CV_HASH_BYTES];
  GHashTable *arrived; /* ids of people, owned; of those before the start */
};

CvReopening *
cv_reopening_new (CvRegistry *registry, CvClock *clock, const char *secret, CvBuckets *creations)
{
  CvReopening *self = g_new0 (CvReopening, 1);
  self->registry = g_object_ref (registry);
  self->clock = g_object_ref (clock);
  self->creations = creations;
  self->started = cv_clock_wall (clock);
  self->arrived = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  cv_hash ((const guint8 *) secret, strlen (secret), self->key);
  return self;
}

void
cv_reopening_free (CvReopening *self)
{
  cv_wipe (self->key, sizeof self->key);
  g_hash_table_unref (self->arrived);
  g_object_unref (self->registry);
  g_object_unref (self->clock);
  g_free (self);
}

static const CvPolicy *
policy_of (const CvReceipt *receipt)
{
  return cv_policy_find (receipt->row->kind);
}

/* A room that is on the disk: what is to be known of it is there. Returns: (transfer full), NULL where nothing would be gained. */
static CvReceipt *
describe_kept (CvReopening *self, const char *room)
{
  CvRoom *live = cv_registry_peek (self->registry, room);
  if (live == NULL || cv_room_get_policy (live)->topology != CV_TOPOLOGY_P2P)
    return NULL;
  CvReceipt *receipt = g_new0 (CvReceipt, 1);
  receipt->row = cv_room_row_copy (cv_room_get_row (live));
  return receipt;
}

char *
cv_reopening_issue (CvReopening *self, const char *room, const char *meeting, const char *person)
{
  g_autoptr (CvReceipt) receipt = cv_unwritten_describe (cv_registry_get_unwritten (self->registry), room);
  if (receipt == NULL && person != NULL)
    receipt = describe_kept (self, room);
  if (receipt == NULL)
    return NULL;
  receipt->issued = cv_clock_wall (self->clock);
  receipt->meeting = g_strdup (meeting);
  receipt->person = g_strdup (person);
  return cv_receipt_to_text (receipt, self->key);
}

/* Who has a receipt and no link to go with it gets nothing for it. */
static gboolean
fits (const CvReceipt *receipt, const guint8 key[CV_KEY_BYTES])
{
  guint8 hash[CV_HASH_BYTES];
  cv_hash (key, CV_KEY_BYTES, hash);
  return cv_bytes_equal (hash, receipt->row->join_verifier, sizeof hash);
}

CvReceipt *
cv_reopening_read (CvReopening *self, const char *text, const char *room, const guint8 key[CV_KEY_BYTES])
{
  g_autoptr (CvReceipt) receipt = cv_receipt_parse (text, self->key, cv_clock_wall (self->clock));
  if (receipt == NULL || !g_str_equal (receipt->row->id, room) || !fits (receipt, key))
    return NULL;
  return g_steal_pointer (&receipt);
}

gboolean
cv_reopening_is_fresh (CvReopening *self, const CvReceipt *receipt)
{
  return receipt->issued < self->started && cv_clock_wall (self->clock) < receipt->issued + CV_RECEIPT_SEAT_MS;
}

static gboolean
is_same (const CvRoomRow *a, const CvRoomRow *b)
{
  return a->created == b->created && memcmp (a->host_verifier, b->host_verifier, sizeof a->host_verifier) == 0;
}

gboolean
cv_reopening_is_awaited (CvReopening *self, const CvReceipt *receipt, const CvRoomRow *row)
{
  return policy_of (receipt)->keeps_rows && receipt->person != NULL && is_same (receipt->row, row) &&
         cv_reopening_is_fresh (self, receipt) && cv_clock_wall (self->clock) < self->started + CV_REOPENING_WAIT_MS &&
         !g_hash_table_contains (self->arrived, receipt->person);
}

void
cv_reopening_arrived (CvReopening *self, const CvReceipt *receipt)
{
  g_hash_table_add (self->arrived, g_strdup (receipt->person));
}

/* Of two rooms with one id the one that was made first is right: the other can only have been made while the server did not know of it. Of one
 * room, what its people have made of its link since. */
static gboolean
is_better (CvReopening *self, const CvReceipt *receipt, const CvRoomRow *there)
{
  const CvRoomRow *row = receipt->row;
  if (!is_same (row, there))
    return row->created < there->created;
  g_autoptr (CvReceipt) known = cv_unwritten_describe (cv_registry_get_unwritten (self->registry), row->id);
  return known != NULL && known->row->generation <= CV_RECEIPT_MAX_GENERATIONS &&
         cv_receipt_outranks (receipt->began, (gsize) row->generation, known->began, (gsize) known->row->generation);
}

CvReopeningResult
cv_reopening_take (CvReopening *self, const CvReceipt *receipt, const CvRoomRow *there, const char *address)
{
  const char *id = receipt->row->id;
  if (policy_of (receipt)->keeps_rows || (there != NULL && !is_better (self, receipt, there)))
    return CV_REOPENING_NOTHING;
  if (!cv_buckets_take (self->creations, address, cv_clock_now (self->clock)))
    return CV_REOPENING_LIMITED;
  CvRoom *live = cv_registry_peek (self->registry, id);
  if (live != NULL)
    cv_meeting_end (cv_room_get_meeting (live), CV_ENDING_ADMIN);
  if (!cv_unwritten_restore (cv_registry_get_unwritten (self->registry), receipt))
    return CV_REOPENING_NOTHING;
  cv_info (id, NULL, "a room is back, of generation %" G_GINT64_FORMAT, receipt->row->generation);
  return CV_REOPENING_DONE;
}
