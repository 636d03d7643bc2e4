/* A summary's JSON, as hosts send it back: what is taken is written down, and read again as the same. */
#include "base/json.h"
#include "summary/summary.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (CvSummary) summary = cv_summary_parse ((const char *) data, size, NULL);
  if (summary == NULL)
    return 0;
  g_autoptr (JsonNode) node = cv_summary_to_json (summary);
  g_autofree char *text = cv_json_to_text (node, NULL);
  g_autoptr (CvSummary) again = cv_summary_parse (text, strlen (text), NULL);
  g_assert_nonnull (again);
  g_autoptr (JsonNode) second = cv_summary_to_json (again);
  g_autofree char *same = cv_json_to_text (second, NULL);
  g_assert_cmpstr (same, ==, text);
  return 0;
}
