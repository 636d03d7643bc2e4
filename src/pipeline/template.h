/* Pipelines as text: `pipelines/NAME.launch`, or the operator's own in its place. See pipelines/README.md.
 *
 * Only integers are substituted; strings are set as properties of the elements that a template names. Loading reads the
 * file and builds the pipeline once, so that a mistake shows at start and the plugins are loaded before the process gives
 * up the right to open files (sandbox/sandbox). Main thread.
 */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

#define CV_TEMPLATE_ERROR (cv_template_error_quark ())
typedef enum {
  CV_TEMPLATE_ERROR_NOT_FOUND,
  CV_TEMPLATE_ERROR_UNREADABLE,
  CV_TEMPLATE_ERROR_TOO_LONG,
  CV_TEMPLATE_ERROR_PLACEHOLDER,
  CV_TEMPLATE_ERROR_PARSE,
} CvTemplateError;
GQuark cv_template_error_quark (void);

typedef struct {
  const char *name;
  gint64 value;
} CvTemplateNumber;

typedef struct _CvTemplate CvTemplate;

/* `name` without the ending, lower case letters, digits and hyphens. After gst_init(). Returns: (transfer full). */
CvTemplate *cv_template_load (const char *name, GError **error);
/* The same, from the first of these folders that has it. */
CvTemplate *cv_template_load_from (const char *const *folders, const char *name, GError **error);
/* The names of all that are installed, in order. Returns: (transfer full). */
char **cv_template_list (void);
void cv_template_free (CvTemplate *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvTemplate, cv_template_free)

/* A bin with the template's elements; `numbers` (n of them) replace those that stand in the text, others stay. It has a
 * pad `sink` where an element is named `in` and a pad `src` where one is named `out`. Returns: (transfer floating). */
GstElement *cv_template_make (CvTemplate *self, const CvTemplateNumber *numbers, guint n, GError **error);

G_END_DECLS
