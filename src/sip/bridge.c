/* See bridge.h. */
#include "sip/bridge.h"

#include "rtp/bridge-frame.h"

#include <errno.h>
#include <glib-unix.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define CV_LOG_TOPIC "bridge"
#include "base/log.h"

/* messages of an answer that are read at once */
#define MAX_MESSAGES 16

typedef struct {
  CvCoder *coder; /* NULL: nobody spoke it yet */
  guint64 tick;   /* that `payload` is of */
  guint8 payload[CV_CODEC_MAX_PAYLOAD];
  gsize n;
} Common;

struct _CvBridge {
  CvExchange *exchange; /* borrowed */
  int fd;
  guint source;
  CvBridgeEndedFunc ended;
  gpointer user_data;
  GPtrArray *seats; /* of CvBridgeSeat, borrowed */
  GHashTable *by_number;
  CvBridgeWriter writer;
  Common common[CV_N_PHONE_CODECS];
  /* Of an answer, until its last message is there: */
  gint16 mix[CV_MIX_PHONE_FRAME]; /* for everybody who is not named */
  gboolean silent;
  GHashTable *named;   /* seats that got their own */
  guint64 ticks, lost; /* lost: the socket was full */
  gboolean over;
};

/* Nothing more comes or goes; says so once, from the loop and not from within a tick. */
static gboolean
on_over (gpointer user_data)
{
  CvBridge *self = user_data;
  self->source = 0;
  self->ended (self, self->user_data);
  return G_SOURCE_REMOVE;
}

static void
end (CvBridge *self)
{
  if (self->over)
    return;
  self->over = TRUE;
  g_clear_handle_id (&self->source, g_source_remove);
  self->source = g_idle_add (on_over, self);
}

/* ---- out ---- */

static gboolean
send_message (CvBridge *self)
{
  if (send (self->fd, self->writer.data, self->writer.n, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0)
    return TRUE;
  if (errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOBUFS || errno == EINTR)
    self->lost++;
  else
    end (self);
  return FALSE;
}

static void
on_pass (gpointer member, gint64 now)
{
  CvBridge *self = member;
  if (self->over || self->seats->len == 0)
    return;
  self->ticks++;
  cv_bridge_writer_init (&self->writer);
  for (guint i = 0; i < self->seats->len; i++) {
    const CvBridgeSeat *seat = g_ptr_array_index (self->seats, i);
    if (seat->silent || cv_bridge_writer_add (&self->writer, seat->number, seat->level, seat->said))
      continue;
    if (!send_message (self))
      return;
    cv_bridge_writer_init (&self->writer);
    cv_bridge_writer_add (&self->writer, seat->number, seat->level, seat->said);
  }
  cv_bridge_writer_set_last (&self->writer);
  send_message (self);
}

/* ---- in ---- */

static void
take_entry (CvBridge *self, const CvBridgeEntry *entry)
{
  gint16 samples[CV_MIX_PHONE_FRAME];
  if (entry->call == CV_BRIDGE_EVERYBODY) {
    self->silent = entry->silent;
    cv_bridge_entry_copy (entry, self->mix);
    return;
  }
  CvBridgeSeat *seat = g_hash_table_lookup (self->by_number, GUINT_TO_POINTER (entry->call));
  if (seat == NULL || !g_hash_table_add (self->named, seat))
    return;
  cv_bridge_entry_copy (entry, samples);
  seat->hear (seat->call, entry->silent ? NULL : samples, FALSE);
}

static void
give_common (CvBridge *self)
{
  for (guint i = 0; i < self->seats->len; i++) {
    CvBridgeSeat *seat = g_ptr_array_index (self->seats, i);
    if (!g_hash_table_contains (self->named, seat))
      seat->hear (seat->call, self->silent ? NULL : self->mix, TRUE);
  }
  g_hash_table_remove_all (self->named);
  self->silent = TRUE;
}

static gboolean
on_readable (int fd, GIOCondition condition, gpointer user_data)
{
  static guint8 message[CV_BRIDGE_MAX_MESSAGE + 1];
  CvBridge *self = user_data;
  for (guint i = 0; i < MAX_MESSAGES; i++) {
    CvBridgeReader reader;
    CvBridgeEntry entry;
    ssize_t n = recv (fd, message, sizeof message, MSG_DONTWAIT);
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
      return G_SOURCE_CONTINUE;
    if (n <= 0 || !cv_bridge_reader_init (&reader, message, (gsize) n)) {
      if (n > 0)
        cv_warning (NULL, NULL, "what a media process said of its meeting's sound was not understood");
      self->source = 0;
      end (self);
      return G_SOURCE_REMOVE;
    }
    while (cv_bridge_reader_next (&reader, &entry))
      take_entry (self, &entry);
    if (reader.last)
      give_common (self);
  }
  return G_SOURCE_CONTINUE;
}

const guint8 *
cv_bridge_encode_common (CvBridge *self, CvPhoneCodec codec, const gint16 *samples, gsize *n, const CvCoder **coder)
{
  Common *common = &self->common[codec];
  guint64 tick = self->ticks;
  g_return_val_if_fail (cv_phone_codec_is_shared (codec), NULL);
  if (common->coder == NULL)
    common->coder = cv_coder_new (codec);
  if (common->tick != tick)
    common->n = cv_coder_encode (common->coder, samples, common->payload);
  common->tick = tick;
  *n = common->n;
  *coder = common->coder;
  return common->payload;
}

/* ---- who is in ---- */

CvBridge *
cv_bridge_new (CvExchange *exchange, int fd, CvBridgeEndedFunc ended, gpointer user_data)
{
  CvBridge *self = g_new0 (CvBridge, 1);
  self->exchange = exchange;
  self->fd = fd;
  self->ended = ended;
  self->user_data = user_data;
  self->seats = g_ptr_array_new ();
  self->by_number = g_hash_table_new (NULL, NULL);
  self->named = g_hash_table_new (NULL, NULL);
  self->silent = TRUE;
  self->source = g_unix_fd_add_full (G_PRIORITY_HIGH, fd, G_IO_IN, on_readable, self, NULL);
  cv_exchange_join (exchange, CV_EXCHANGE_PASS, on_pass, self);
  return self;
}

void
cv_bridge_free (CvBridge *self)
{
  while (self->seats->len > 0)
    cv_bridge_seat_leave (g_ptr_array_index (self->seats, self->seats->len - 1));
  cv_exchange_leave (self->exchange, self);
  g_clear_handle_id (&self->source, g_source_remove);
  for (guint i = 0; i < CV_N_PHONE_CODECS; i++)
    g_clear_pointer (&self->common[i].coder, cv_coder_free);
  g_ptr_array_unref (self->seats);
  g_hash_table_unref (self->by_number);
  g_hash_table_unref (self->named);
  close (self->fd);
  g_free (self);
}

gboolean
cv_bridge_sit (CvBridge *self, CvBridgeSeat *seat, guint32 number)
{
  cv_bridge_seat_leave (seat);
  if (self->seats->len >= CV_BRIDGE_MAX_SEATS || g_hash_table_contains (self->by_number, GUINT_TO_POINTER (number)) ||
      number == CV_BRIDGE_EVERYBODY)
    return FALSE;
  seat->bridge = self;
  seat->number = number;
  seat->silent = TRUE;
  g_ptr_array_add (self->seats, seat);
  g_hash_table_insert (self->by_number, GUINT_TO_POINTER (number), seat);
  return TRUE;
}

void
cv_bridge_seat_leave (CvBridgeSeat *seat)
{
  CvBridge *self = seat->bridge;
  if (self == NULL)
    return;
  g_hash_table_remove (self->by_number, GUINT_TO_POINTER (seat->number));
  g_hash_table_remove (self->named, seat);
  g_ptr_array_remove_fast (self->seats, seat);
  seat->bridge = NULL;
}
