/* What a meeting asks of its media, as an interface: behind it stands a process (pool.h), or whatever a test makes up.
 *
 * Main thread. Everything that comes out was checked: people are those that joined, names and numbers are within bounds.
 *
 * Signals of CvMedia; what pointers point to lives for the call:
 *   state (char *person, CvMediaState, char *reason)        a connection's; reason: stable id, "" where there is none
 *   slots (char *person, CvMediaSlot *, guint n)            who is in which of this person's slots, complete each time
 *   speakers (char **people)                                who speaks now, loudest first; at most CV_MEDIA_MAX_SPEAKERS
 *   layers (char *person, CvMediaSource, char **rids)       those somebody takes of what this person sends
 *   stats (CvMediaStats *)                                  every 2 s
 *   track (guint file, CvMediaTrack *)                      of a file that is being recorded: its first frame is there
 *   clock (guint file, gint64 pts, gint64 ntp)              a time in it (µs) by the sender's own clock (NTP, µs)
 *   recorded (guint file, char *reason, guint64 bytes)      it was closed, unasked: full, io, codec (it has another now)
 *   lost ()     the process is gone, and with it every connection
 *   ready ()    cv_media_is_ready(); also where it took over: everybody joins again with a new offer
 *   failed ()   it was lost too often and does not come back; the last signal
 */
#pragma once

#include "process/media-types.h"

G_BEGIN_DECLS

#define CV_TYPE_MEDIA (cv_media_get_type ())
G_DECLARE_INTERFACE (CvMedia, cv_media, CV, MEDIA, GObject)

struct _CvMediaInterface {
  GTypeInterface parent;
  gboolean (*is_ready) (CvMedia *self);
  void (*join) (CvMedia *self, const char *person, const char *offer, CvMediaMay may, GTask *task); /* → char * */
  void (*leave) (CvMedia *self, const char *person);
  void (*set_may) (CvMedia *self, const char *person, CvMediaMay may);
  void (*set_view) (CvMedia *self, const char *person, const CvMediaTile *tiles, guint n);
  void (*set_spotlight) (CvMedia *self, const char *person);
  void (*set_phones) (CvMedia *self, int fd);
  void (*add_phone) (CvMedia *self, const char *person, guint32 number, CvMediaMay may);
  void (*record) (CvMedia *self, const char *person, CvMediaSource source, guint file, int fd,
                  GTask *task);                              /* → bool */
  void (*unrecord) (CvMedia *self, guint file, GTask *task); /* → int */
  void (*close) (CvMedia *self);
};

gboolean cv_media_is_ready (CvMedia *self);
/* Who joined already joins anew. finish returns the answer (transfer full), or NULL with CV_MEDIA_ERROR. */
void cv_media_join_async (CvMedia *self, const char *person, const char *offer, CvMediaMay may,
                          GAsyncReadyCallback callback, gpointer user_data);
char *cv_media_join_finish (CvMedia *self, GAsyncResult *result, GError **error);
/* These four pass over people who have not joined. */
void cv_media_leave (CvMedia *self, const char *person);
void cv_media_set_may (CvMedia *self, const char *person, CvMediaMay may);
/* The most important first. Kept, should the person join anew. */
void cv_media_set_view (CvMedia *self, const char *person, const CvMediaTile *tiles, guint n);
/* Always among the heard; NULL: nobody. Kept. */
void cv_media_set_spotlight (CvMedia *self, const char *person);
/* The bridge to callers from now on (sip/BRIDGE.md), of which a duplicate is sent; it takes the place of one before. These two are
 * passed over where the media are not ready. */
void cv_media_set_phones (CvMedia *self, int fd);
/* Somebody on that bridge has joined, without a connection of their own, until they leave or the bridge is another one. */
void cv_media_add_phone (CvMedia *self, const char *person, guint32 number, CvMediaMay may);
/* From now on what may be forwarded of this source of somebody who has joined is written to `fd`, of which a duplicate is
 * taken. `file`: 1 … CV_MEDIA_MAX_FILE. */
void cv_media_record_async (CvMedia *self, const char *person, CvMediaSource source, guint file, int fd,
                            GAsyncReadyCallback callback, gpointer user_data);
gboolean cv_media_record_finish (CvMedia *self, GAsyncResult *result, GError **error);
/* Nothing more; the answer comes when the file is whole and on the disk: how many bytes it has, or -1 with NOT_FOUND where
 * it was closed already, LOST where that cannot be known. */
void cv_media_unrecord_async (CvMedia *self, guint file, GAsyncReadyCallback callback, gpointer user_data);
gint64 cv_media_unrecord_finish (CvMedia *self, GAsyncResult *result, GError **error);
/* The end; no signal comes any more. */
void cv_media_close (CvMedia *self);

/* Where meetings get their media from. */
#define CV_TYPE_MEDIA_POOL (cv_media_pool_get_type ())
G_DECLARE_INTERFACE (CvMediaPool, cv_media_pool, CV, MEDIA_POOL, GObject)
struct _CvMediaPoolInterface {
  GTypeInterface parent;
  CvMedia *(*open) (CvMediaPool *self, const char *room, const char *meeting, GError **error);
  gboolean (*has_reserve) (CvMediaPool *self); /* NULL: always */
};
/* Would one that is opened now be ready at once, as far as it is meant to be? */
gboolean cv_media_pool_has_reserve (CvMediaPool *self);
/* Returns: (transfer full), NULL with an error for the log where there is no port left. cv_media_close() ends it. */
CvMedia *cv_media_pool_open (CvMediaPool *self, const char *room, const char *meeting, GError **error);

G_END_DECLS
