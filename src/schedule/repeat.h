/* How something repeats: every so many days, weeks or months. A value; any thread. */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define CV_REPEAT_MAX_INTERVAL 12
#define CV_REPEAT_MAX_COUNT 1000

typedef enum {
  CV_EVERY_DAY,
  CV_EVERY_WEEK,
  CV_EVERY_MONTH, /* on the same day of the month, or its last one where it is shorter */
} CvEvery;

typedef struct {
  CvEvery every;
  int interval;
  guint days; /* of the week, Monday being bit 0; 0: that of the first one. Of weeks */
  int until;  /* the last day (as of schedule/wall.h) on which it may be; 0: none is said */
  int count;  /* how many times, with those that are cancelled; 0: none is said */
} CvRepeat;

/* PROTOCOL.md's `{every, interval, days?, until?, count?}`. FALSE with CV_JSON_ERROR. */
gboolean cv_repeat_read (CvRepeat *self, JsonObject *object, GError **error);
/* The same of a text that cv_repeat_to_text() made. */
gboolean cv_repeat_parse (CvRepeat *self, const char *text, GError **error);
/* Returns: (transfer full). */
char *cv_repeat_to_text (const CvRepeat *self);
/* As a value: after json_builder_set_member_name(). */
void cv_repeat_add (const CvRepeat *self, JsonBuilder *builder);

G_END_DECLS
