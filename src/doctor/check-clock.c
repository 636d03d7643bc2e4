/* Is the clock kept right by something? TURN's credentials, tickets and certificates end at a time. */
#include "doctor/check-clock.h"

#include "doctor/patient.h"

#include <errno.h>
#include <sys/timex.h>

#define ID "clock"

CvFindingState
cv_clock_judge (int result, int status)
{
  if (result < 0)
    return CV_FINDING_SKIPPED;
  return (status & STA_UNSYNC) != 0 ? CV_FINDING_WARN : CV_FINDING_OK;
}

void
cv_check_clock (const CvPatient *patient, CvFindings *findings)
{
  struct timex now = { 0 };
  int result = adjtimex (&now);

  switch (cv_clock_judge (result, now.status)) {
  case CV_FINDING_OK:
    cv_findings_add (findings, ID, CV_FINDING_OK, NULL, "it is kept right over the network");
    return;
  case CV_FINDING_SKIPPED:
    cv_findings_add (findings, ID, CV_FINDING_SKIPPED, "Look at it with timedatectl", "the kernel does not tell: %s",
                     g_strerror (errno));
    return;
  case CV_FINDING_WARN:
  case CV_FINDING_FAIL:
  default:
    cv_findings_add (
      findings, ID, CV_FINDING_WARN,
      "sudo apt install systemd-timesyncd; timedatectl says how it does. In a container, look at its host",
      "nothing keeps it right: credentials and certificates may count as run out");
  }
}
