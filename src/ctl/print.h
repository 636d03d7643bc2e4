/* Answers of the server as text for people: times, durations, tables. Any thread. */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Local time to the minute. Returns: (transfer full). */
char *cv_print_time (gint64 ms);
/* The two largest units, "3 days 4 h". Returns: (transfer full). */
char *cv_print_duration (gint64 ms);

/* "1.5 GB"; powers of ten, as disks are sold. Returns: (transfer full). */
char *cv_print_size (gint64 bytes);

/* On stderr, now and then: for cv_export_run(). `user_data`: a gint64 * of its own, 0 at first. */
void cv_print_progress (gint64 done, gint64 bytes, gpointer user_data);

/* Each ends in a newline. Returns: (transfer full). */
char *cv_print_room (JsonObject *room);
char *cv_print_rooms (JsonObject *answer);
char *cv_print_meetings (JsonObject *answer);
/* How a room is called by phone; "" where it is not. */
char *cv_print_dial_in (JsonObject *room);
char *cv_print_token (JsonObject *token);
char *cv_print_tokens (JsonObject *answer);
char *cv_print_status (JsonObject *status);
char *cv_print_recording (JsonObject *recording);
char *cv_print_recordings (JsonObject *answer);
char *cv_print_verified (JsonObject *answer);
char *cv_print_share (JsonObject *share);
char *cv_print_key (JsonObject *key);
char *cv_print_keys (JsonObject *answer);
char *cv_print_documents (JsonObject *answer);
char *cv_print_user (JsonObject *user);
char *cv_print_users (JsonObject *answer);

G_END_DECLS
