/* A patient for a doctor's checks: a configuration and a state folder of its own, and what was found. */
#pragma once

#include "doctor/patient.h"

G_BEGIN_DECLS

typedef struct {
  char *folder, *path, *state;
  CvConfig *config;
  CvPatient patient; /* nobody answers, where a test says nothing else */
  CvFindings *findings;
} CvWard;

/* `text`: of conclave.conf, which is right. Returns: (transfer full). */
CvWard *cv_test_ward_new (const char *text);
void cv_test_ward_free (CvWard *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvWard, cv_test_ward_free)

/* Another server's answer, as JSON. Returns: (transfer full). */
JsonObject *cv_test_ward_parse (const char *json);

/* Runs the check on a clean sheet. */
void cv_test_ward_check (CvWard *self, CvCheck check);
/* Row `i` is in that state, and its text fits the pattern. */
void cv_test_ward_assert (const CvFindings *findings, guint i, CvFindingState state, const char *pattern);

G_END_DECLS
