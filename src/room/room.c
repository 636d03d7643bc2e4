/* See room.h. */
#include "room/room.h"

#include "base/ids.h"

#include <string.h>

struct _CvRoom {
  GObject parent_instance;
  CvRoomRow *row;
  const CvPolicy *policy;
  CvMeeting *meeting;
  CvSwitchboard *switchboard;
  CvCapture *capture;
  const char *const *numbers;
  char *continued;
};

G_DEFINE_QUARK (cv_room_error, cv_room_error)
G_DEFINE_FINAL_TYPE (CvRoom, cv_room, G_TYPE_OBJECT)

GError *
cv_room_error_from_store (const GError *error)
{
  if (g_error_matches (error, CV_STORE_ERROR, CV_STORE_ERROR_EXISTS))
    return g_error_new_literal (CV_ROOM_ERROR, CV_ROOM_ERROR_TAKEN, error->message);
  if (g_error_matches (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING))
    return g_error_new_literal (CV_ROOM_ERROR, CV_ROOM_ERROR_UNKNOWN, error->message);
  if (g_error_matches (error, CV_STORE_ERROR, CV_STORE_ERROR_INVALID))
    return g_error_new_literal (CV_ROOM_ERROR, CV_ROOM_ERROR_INVALID, error->message);
  return g_error_new_literal (CV_ROOM_ERROR, CV_ROOM_ERROR_STORE, error->message);
}

static void
cv_room_finalize (GObject *object)
{
  CvRoom *self = CV_ROOM (object);
  g_clear_object (&self->capture);
  g_clear_object (&self->switchboard);
  g_clear_object (&self->meeting);
  cv_room_row_free (self->row);
  g_free (self->continued);
  G_OBJECT_CLASS (cv_room_parent_class)->finalize (object);
}

static void
cv_room_class_init (CvRoomClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cv_room_finalize;
}

static void
cv_room_init (CvRoom *self)
{
}

CvRoom *
cv_room_new (CvRoomRow *row, const CvPolicy *policy)
{
  CvRoom *self = g_object_new (CV_TYPE_ROOM, NULL);
  self->row = row;
  self->policy = policy;
  return self;
}

const CvRoomRow *
cv_room_get_row (CvRoom *self)
{
  return self->row;
}

const CvPolicy *
cv_room_get_policy (CvRoom *self)
{
  return self->policy;
}

const char *const *
cv_room_get_numbers (CvRoom *self)
{
  return self->numbers;
}

void
cv_room_set_numbers (CvRoom *self, const char *const *numbers)
{
  self->numbers = numbers;
}

CvMeeting *
cv_room_get_meeting (CvRoom *self)
{
  return self->meeting;
}

CvSwitchboard *
cv_room_get_switchboard (CvRoom *self)
{
  return self->switchboard;
}

CvCapture *
cv_room_get_capture (CvRoom *self)
{
  return self->capture;
}

void
cv_room_continue (CvRoom *self, const char *meeting)
{
  g_free (self->continued);
  self->continued = g_strdup (meeting);
}

const char *
cv_room_get_continued (CvRoom *self)
{
  return self->continued;
}

void
cv_room_change (CvRoom *self, const CvRoomRow *row)
{
  g_free (self->row->title);
  self->row->title = g_strdup (row->title);
  self->row->lobby = row->lobby;
  self->row->recording = row->recording;
  self->row->consent = row->consent;
  self->row->keep_days = row->keep_days;
  self->row->dial_in = row->dial_in;
  g_free (self->row->pin);
  self->row->pin = g_strdup (row->pin);
  g_free (self->row->host_pin);
  self->row->host_pin = g_strdup (row->host_pin);
  self->row->summary = row->summary;
  self->row->attendance = row->attendance;
  self->row->keep_content_days = row->keep_content_days;
}

void
cv_room_rotate (CvRoom *self, const CvRoomRow *row)
{
  memcpy (self->row->join_verifier, row->join_verifier, sizeof self->row->join_verifier);
  g_free (self->row->orders);
  self->row->orders = g_strdup (row->orders);
  self->row->generation = row->generation;
}

void
cv_room_set_meeting (CvRoom *self, CvMeeting *meeting, CvSwitchboard *switchboard, CvCapture *capture)
{
  g_set_object (&self->capture, capture);
  g_set_object (&self->meeting, meeting);
  g_set_object (&self->switchboard, switchboard);
}

static gboolean
fits (const guint8 *key, const guint8 *verifier)
{
  guint8 hash[CV_HASH_BYTES];
  cv_hash (key, CV_KEY_BYTES, hash);
  return cv_bytes_equal (hash, verifier, CV_HASH_BYTES);
}

gboolean
cv_room_fits_join_key (CvRoom *self, const guint8 key[CV_KEY_BYTES])
{
  return fits (key, self->row->join_verifier);
}

gboolean
cv_room_fits_host_key (CvRoom *self, const guint8 key[CV_KEY_BYTES])
{
  return fits (key, self->row->host_verifier);
}
