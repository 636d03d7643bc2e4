/* See agent.h. */
#include "signalling/agent.h"

#include <string.h>

typedef struct {
  const char *mark;
  const char *name;
} Known;

/* The first that is there counts: most of them claim to be the others too. */
static const Known browsers[] = {
  { "Edg/", "Edge" },      { "EdgA/", "Edge" },       { "OPR/", "Opera" },    { "SamsungBrowser/", "Samsung Internet" },
  { "FxiOS/", "Firefox" }, { "Firefox/", "Firefox" }, { "CriOS/", "Chrome" }, { "Chromium/", "Chromium" },
  { "Chrome/", "Chrome" }, { "Safari/", "Safari" },   { "curl/", "curl" },    { NULL, NULL },
};
static const Known systems[] = {
  { "Android", "Android" }, { "iPhone", "iPhone" },   { "iPad", "iPad" },   { "Windows", "Windows" },
  { "CrOS", "ChromeOS" },   { "Macintosh", "macOS" }, { "Linux", "Linux" }, { NULL, NULL },
};

static const char *
find (const Known *table, const char *header)
{
  while (table->mark != NULL && strstr (header, table->mark) == NULL)
    table++;
  return table->name;
}

char *
cv_agent_describe (const char *header)
{
  const char *browser = header != NULL ? find (browsers, header) : NULL;
  const char *system = header != NULL ? find (systems, header) : NULL;
  if (browser != NULL && system != NULL)
    return g_strconcat (browser, ", ", system, NULL);
  return g_strdup (browser != NULL ? browser : system != NULL ? system : "");
}
