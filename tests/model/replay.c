/* Reads operations from standard input, one a line, applies them and prints the state that they make: what model/ comes to, for comparison. */
#include "model/model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int
main (void)
{
  g_autoptr (CvModel) model = cv_model_new ();
  static char line[CV_MODEL_MAX_CHANGE_BYTES];
  while (fgets (line, sizeof line, stdin) != NULL) {
    g_autoptr (GError) error = NULL;
    g_autoptr (JsonObject) object = cv_json_parse (line, strlen (line), &error);
    g_autoptr (CvOperation) operation = object != NULL ? cv_operation_read (object, &error) : NULL;
    if (operation == NULL || !cv_model_apply (model, operation, NULL, &error)) {
      fprintf (stderr, "%s in %s", error->message, line);
      return EXIT_FAILURE;
    }
  }
  g_autofree char *text = cv_model_to_text (model);
  printf ("%s\n", text);
  return EXIT_SUCCESS;
}
