/* The text that Prometheus reads (its exposition format, 0.0.4): families of numbers with their labels. A value; any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* what the text is, for Content-Type */
#define CV_EXPOSITION_TYPE "text/plain; version=0.0.4; charset=utf-8"

typedef struct _CvExposition CvExposition;

CvExposition *cv_exposition_new (void);
void cv_exposition_free (CvExposition *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvExposition, cv_exposition_free)

/* A family begins: `name` of [a-z_], constant. Where no number follows, nothing is written of it. */
void cv_exposition_gauge (CvExposition *self, const char *name, const char *help);
/* `name` ends in "_total": what only grows, from the start of the process on. */
void cv_exposition_counter (CvExposition *self, const char *name, const char *help);

/* A number of the family. NaN and infinity are numbers. */
void cv_exposition_add (CvExposition *self, double value);
/* The same with labels: names and values in turn, ending in NULL; values are any text. */
void cv_exposition_add_labelled (CvExposition *self, double value, ...) G_GNUC_NULL_TERMINATED;

/* Ends it. Returns: (transfer full). */
char *cv_exposition_steal (CvExposition *self);

G_END_DECLS
