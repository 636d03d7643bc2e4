/* See ward.h. */
#include "lib/ward.h"

#include "base/json.h"
#include "lib/folder.h"

#include <string.h>

CvWard *
cv_test_ward_new (const char *text)
{
  CvWard *self = g_new0 (CvWard, 1);
  g_autoptr (GError) error = NULL;

  self->folder = cv_test_folder_new ();
  self->path = g_build_filename (self->folder, "conclave.conf", NULL);
  self->state = g_build_filename (self->folder, "state", NULL);
  cv_test_folder_write (self->folder, "conclave.conf", text);
  self->config = cv_config_load (self->path, &error);
  g_assert_no_error (error);
  self->patient =
    (CvPatient){ .config_path = self->path, .state = self->state, .config = self->config, .silence = "nobody answers" };
  self->findings = cv_findings_new ();
  return self;
}

void
cv_test_ward_free (CvWard *self)
{
  cv_findings_free (self->findings);
  cv_config_free (self->config);
  cv_test_folder_free (self->folder);
  g_free (self->path);
  g_free (self->state);
  g_free (self);
}

JsonObject *
cv_test_ward_parse (const char *json)
{
  JsonObject *object = cv_json_parse (json, strlen (json), NULL);

  g_assert_nonnull (object);
  return object;
}

void
cv_test_ward_check (CvWard *self, CvCheck check)
{
  cv_findings_free (self->findings);
  self->findings = cv_findings_new ();
  check (&self->patient, self->findings);
}

void
cv_test_ward_assert (const CvFindings *findings, guint i, CvFindingState state, const char *pattern)
{
  const CvFinding *row;

  g_assert_cmpuint (i, <, cv_findings_get_length (findings));
  row = cv_findings_get (findings, i);
  if (!g_pattern_match_simple (pattern, row->text))
    g_assert_cmpstr (row->text, ==, pattern);
  g_assert_cmpint (row->state, ==, state);
  g_assert_true (state == CV_FINDING_OK || row->advice != NULL);
}
