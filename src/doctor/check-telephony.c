/* Can people call? As the running server knows it. */
#include "doctor/patient.h"

#define ID "telephony"

static const char *
get_text (JsonObject *object, const char *name)
{
  return json_object_get_string_member_with_default (object, name, "");
}

static void
judge_trunk (JsonObject *trunk, CvFindings *findings)
{
  const char *name = get_text (trunk, "name"), *state = get_text (trunk, "state"), *said = get_text (trunk, "text");

  if (g_str_equal (state, "registered") || g_str_equal (state, "listed"))
    cv_findings_add (findings, ID, CV_FINDING_OK, NULL, "trunk %s: %s", name,
                     g_str_equal (state, "listed") ? "calls are taken from its addresses" : "registered");
  else if (g_str_equal (state, "registering"))
    cv_findings_add (findings, ID, CV_FINDING_WARN, "Wait a minute and run this again", "trunk %s: it is registering",
                     name);
  else
    cv_findings_add (findings, ID, CV_FINDING_FAIL,
                     "Look at registrars, user and password-file of the trunk, and that its provider can be reached",
                     "trunk %s: registration failed%s%s", name, *said != '\0' ? ": " : "", said);
}

void
cv_check_telephony (const CvPatient *patient, CvFindings *findings)
{
  JsonNode *node = patient->sip != NULL ? json_object_get_member (patient->sip, "trunks") : NULL;
  JsonArray *trunks = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  if (patient->config->sip.listen[0] == NULL)
    cv_findings_add (findings, ID, CV_FINDING_OK, NULL, "nobody is to call ([sip] listen is empty)");
  else if (patient->status == NULL)
    cv_findings_add (findings, ID, CV_FINDING_SKIPPED, "Start the server, then run this again",
                     "only a running server knows how its trunks are");
  else if (patient->sip == NULL)
    cv_findings_add (findings, ID, CV_FINDING_FAIL, "Start the server anew: sudo systemctl restart conclave",
                     "the server runs without its telephone gateway");
  else if (!json_object_get_boolean_member_with_default (patient->sip, "up", FALSE))
    cv_findings_add (findings, ID, CV_FINDING_FAIL, "Look at the log: journalctl -u conclave",
                     "the telephone gateway is down");
  else if (trunks == NULL || json_array_get_length (trunks) == 0)
    cv_findings_add (findings, ID, CV_FINDING_WARN, "Set registrars or trunk-addresses in [sip]",
                     "there is no trunk that calls could come from");
  else
    for (guint i = 0; i < json_array_get_length (trunks); i++)
      judge_trunk (json_array_get_object_element (trunks, i), findings);
}
