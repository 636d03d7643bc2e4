/* See findings.h. */
#include "doctor/findings.h"

static const char *const STATES[] = {
  [CV_FINDING_OK] = "ok",
  [CV_FINDING_SKIPPED] = "skipped",
  [CV_FINDING_WARN] = "warn",
  [CV_FINDING_FAIL] = "fail",
};

struct _CvFindings {
  GPtrArray *rows; /* of CvFinding */
};

static void
finding_free (gpointer data)
{
  CvFinding *self = data;

  g_free (self->text);
  g_free (self->advice);
  g_free (self);
}

CvFindings *
cv_findings_new (void)
{
  CvFindings *self = g_new0 (CvFindings, 1);

  self->rows = g_ptr_array_new_with_free_func (finding_free);
  return self;
}

void
cv_findings_free (CvFindings *self)
{
  g_ptr_array_unref (self->rows);
  g_free (self);
}

void
cv_findings_add (CvFindings *self, const char *check, CvFindingState state, const char *advice, const char *format, ...)
{
  CvFinding *row;
  va_list args;

  g_return_if_fail (self != NULL && (state == CV_FINDING_OK || advice != NULL));

  row = g_new0 (CvFinding, 1);
  row->check = check;
  row->state = state;
  row->advice = g_strdup (advice);
  va_start (args, format);
  row->text = g_strdup_vprintf (format, args);
  va_end (args);
  g_ptr_array_add (self->rows, row);
}

guint
cv_findings_get_length (const CvFindings *self)
{
  return self->rows->len;
}

const CvFinding *
cv_findings_get (const CvFindings *self, guint i)
{
  g_return_val_if_fail (i < self->rows->len, NULL);

  return self->rows->pdata[i];
}

guint
cv_findings_count (const CvFindings *self, CvFindingState state)
{
  guint n = 0;

  for (guint i = 0; i < self->rows->len; i++)
    n += cv_findings_get (self, i)->state == state ? 1 : 0;
  return n;
}

/* What is skipped is no judgement. */
static const char *
judge_all (const CvFindings *self)
{
  if (cv_findings_count (self, CV_FINDING_FAIL) > 0)
    return STATES[CV_FINDING_FAIL];
  return STATES[cv_findings_count (self, CV_FINDING_WARN) > 0 ? CV_FINDING_WARN : CV_FINDING_OK];
}

JsonObject *
cv_findings_to_json (const CvFindings *self)
{
  JsonObject *answer = json_object_new ();
  JsonArray *checks = json_array_new ();

  for (guint i = 0; i < self->rows->len; i++) {
    const CvFinding *row = cv_findings_get (self, i);
    JsonObject *object = json_object_new ();

    json_object_set_string_member (object, "id", row->check);
    json_object_set_string_member (object, "status", STATES[row->state]);
    json_object_set_string_member (object, "text", row->text);
    if (row->advice != NULL)
      json_object_set_string_member (object, "advice", row->advice);
    else
      json_object_set_null_member (object, "advice");
    json_array_add_object_element (checks, object);
  }
  json_object_set_string_member (answer, "status", judge_all (self));
  json_object_set_array_member (answer, "checks", checks);
  return answer;
}

char *
cv_findings_to_text (const CvFindings *self)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < self->rows->len; i++) {
    const CvFinding *row = cv_findings_get (self, i);

    g_string_append_printf (text, "%-7s  %-13s  %s\n", STATES[row->state], row->check, row->text);
    if (row->advice != NULL)
      g_string_append_printf (text, "%24s → %s\n", "", row->advice);
  }
  g_string_append_printf (text, "\n%u ok, %u doubtful, %u failed, %u not looked at\n",
                          cv_findings_count (self, CV_FINDING_OK), cv_findings_count (self, CV_FINDING_WARN),
                          cv_findings_count (self, CV_FINDING_FAIL), cv_findings_count (self, CV_FINDING_SKIPPED));
  return g_string_free (text, FALSE);
}
