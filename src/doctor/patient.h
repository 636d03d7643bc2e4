/* What a doctor looks at: one installation of the server. Values, borrowed by the checks while they run. */
#pragma once

#include "daemon/config.h"
#include "doctor/findings.h"

G_BEGIN_DECLS

/* beside the configuration, as the unit has it: LoadCredential=secret:/etc/conclave/secrets */
#define CV_PATIENT_SECRETS "secrets"

typedef struct {
  const char *config_path;
  const char *state;      /* directory */
  const CvConfig *config; /* NULL: it could not be read */
  const char *config_error;
  JsonObject *status;  /* GET /api/v1/status; NULL: no server answers on the admin socket */
  const char *silence; /* why not */
  JsonObject *sip;     /* GET /api/v1/sip; NULL: none, or no answer */
} CvPatient;

/* `directory` of the configuration, or `name` in the state directory where that is "". Returns: (transfer full). */
char *cv_patient_find (const CvPatient *self, const char *directory, const char *name);
/* The host of public-url, "localhost" where there is none. Returns: (transfer full). */
char *cv_patient_get_name (const CvPatient *self);

typedef void (*CvCheck) (const CvPatient *patient, CvFindings *findings);

/* Each check; it is given a configuration that could be read, but for the first. They block. */
void cv_check_configuration (const CvPatient *patient, CvFindings *findings);
void cv_check_permissions (const CvPatient *patient, CvFindings *findings);
void cv_check_elements (const CvPatient *patient, CvFindings *findings);
void cv_check_ports (const CvPatient *patient, CvFindings *findings);
void cv_check_certificate (const CvPatient *patient, CvFindings *findings);
void cv_check_address (const CvPatient *patient, CvFindings *findings);
void cv_check_relay (const CvPatient *patient, CvFindings *findings);
void cv_check_clock (const CvPatient *patient, CvFindings *findings);
void cv_check_disk (const CvPatient *patient, CvFindings *findings);
void cv_check_telephony (const CvPatient *patient, CvFindings *findings);
void cv_check_provider (const CvPatient *patient, CvFindings *findings);

/* All of them. */
void cv_patient_examine (const CvPatient *self, CvFindings *findings);

/* Reads a configuration as the server does that systemd starts: secrets in `secrets` beside it are its credentials where
 * there are no others. Returns: (transfer full), NULL with an error. Sets $CREDENTIALS_DIRECTORY while it runs: no
 * threads before it. */
CvConfig *cv_patient_load_config (const char *path, GError **error);

G_END_DECLS
