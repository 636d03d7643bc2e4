/* Structured logging: one topic a file, room and person as fields. Any thread.
 *
 * A file defines CV_LOG_TOPIC ("room") before it includes this. Lines go to the journal when the service runs under
 * systemd (JOURNAL_STREAM), else to stderr as `LEVEL topic: text (ROOM=… PERSON=…)`. Names, chat, keys and links never
 * stand in a log line.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#ifndef CV_LOG_TOPIC
#error "define CV_LOG_TOPIC before including base/log.h"
#endif

/* Sets the writer and the lowest level that is shown. First thing in main(), after the TLS priority. */
void cv_log_init (GLogLevelFlags lowest);

/* Sets the lowest level that is shown from now on. */
void cv_log_set_level (GLogLevelFlags lowest);

/* `room` and `person` are ids or NULL. Formats like printf. */
void cv_log_write (GLogLevelFlags level, const char *topic, const char *room, const char *person, const char *format,
                   ...) G_GNUC_PRINTF (5, 6);

#define cv_debug(room, person, ...) cv_log_write (G_LOG_LEVEL_DEBUG, CV_LOG_TOPIC, room, person, __VA_ARGS__)
#define cv_info(room, person, ...) cv_log_write (G_LOG_LEVEL_INFO, CV_LOG_TOPIC, room, person, __VA_ARGS__)
#define cv_notice(room, person, ...) cv_log_write (G_LOG_LEVEL_MESSAGE, CV_LOG_TOPIC, room, person, __VA_ARGS__)
#define cv_warning(room, person, ...) cv_log_write (G_LOG_LEVEL_WARNING, CV_LOG_TOPIC, room, person, __VA_ARGS__)

G_END_DECLS
