/* Is what GStreamer needs for recordings there? Builds every pipeline, as conclave-render does before it begins. */
#include "doctor/check-elements.h"

#include "doctor/patient.h"
#include "pipeline/template.h"

#include <string.h>

#define ID "gstreamer"

/* Elements that are not in gstreamer1.0-plugins-good, by how their names begin. */
static const struct {
  const char *prefix;
  const char *package;
} PACKAGES[] = {
  { "avdec_", "gstreamer1.0-libav" },       { "avenc_", "gstreamer1.0-libav" },
  { "x264", "gstreamer1.0-plugins-ugly" },  { "audio", "gstreamer1.0-plugins-base" },
  { "opus", "gstreamer1.0-plugins-base" },  { "ogg", "gstreamer1.0-plugins-base" },
  { "video", "gstreamer1.0-plugins-base" }, { "app", "gstreamer1.0-plugins-base" },
  { "", "gstreamer1.0-plugins-good" },
};

const char *
cv_elements_find_package (const char *element)
{
  guint i = 0;

  while (!g_str_has_prefix (element, PACKAGES[i].prefix))
    i++;
  return PACKAGES[i].package;
}

/* GStreamer's words: no element "x264enc". Returns: (transfer full), NULL where it is something else. */
char *
cv_elements_read_missing (const char *message)
{
  const char *before = strstr (message, "no element \"");
  const char *name = before != NULL ? before + strlen ("no element \"") : NULL;
  const char *end = name != NULL ? strchr (name, '"') : NULL;

  return end != NULL ? g_strndup (name, end - name) : NULL;
}

static void
add_broken (const char *name, const char *message, CvFindings *findings)
{
  g_autofree char *element = cv_elements_read_missing (message);
  g_autofree char *install =
    element != NULL ? g_strconcat ("sudo apt install ", cv_elements_find_package (element), NULL) : NULL;

  if (element != NULL)
    cv_findings_add (findings, ID, CV_FINDING_FAIL, install, "%s needs the element %s, which is not there", name,
                     element);
  else
    cv_findings_add (findings, ID, CV_FINDING_FAIL, "Correct it, or take it away from /etc/conclave/pipelines",
                     "%s: %s", name, message);
}

void
cv_check_elements (const CvPatient *patient, CvFindings *findings)
{
  g_auto (GStrv) names = cv_template_list ();
  g_autoptr (GError) error = NULL;
  guint well = 0;

  if (!gst_init_check (NULL, NULL, &error)) {
    cv_findings_add (findings, ID, CV_FINDING_FAIL, "Install this server's package anew",
                     "GStreamer does not start: %s", error->message);
    return;
  }
  for (char **name = names; *name != NULL; name++) {
    g_autoptr (GError) reason = NULL;
    g_autoptr (CvTemplate) template = cv_template_load (*name, &reason);

    if (template != NULL)
      well++;
    else
      add_broken (*name, reason->message, findings);
  }
  if (names[0] == NULL)
    cv_findings_add (findings, ID, CV_FINDING_FAIL, "Install this server's package anew", "no pipelines are installed");
  else if (names[well] == NULL)
    cv_findings_add (findings, ID, CV_FINDING_OK, NULL, "all %u pipelines have what they need", well);
}
