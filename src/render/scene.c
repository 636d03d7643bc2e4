/* See scene.h. */
#include "render/scene.h"

/* more people than that: who speaks is shown large (auto) */
#define MAX_EQUALS 4

/* Who is there, in the order in which they are shown. */
typedef struct {
  CvCharacter *people[CV_LAYOUT_MAX_GRID];
  guint n;    /* of those */
  guint more; /* for whom there is no room */
} Company;

static gboolean
has_camera (const CvProgramme *programme, const CvCharacter *person, gint64 t)
{
  return (!person->spoken_for || cv_periods_contain (person->camera, t)) &&
         cv_programme_find_cut (programme, person, CV_TRACK_CAMERA, t) != NULL;
}

/* First those who are seen, then the others; `first` has a place in any case. */
static void
gather (const CvProgramme *programme, const CvCharacter *first, guint room, gint64 t, Company *company)
{
  CvCharacter *featured = NULL;
  *company = (Company){ .n = 0 };
  for (guint round = 0; round < 2; round++)
    for (guint i = 0; i < programme->people->len; i++) {
      CvCharacter *person = g_ptr_array_index (programme->people, i);
      if (!cv_periods_contain (person->present, t) || has_camera (programme, person, t) != (round == 0))
        continue;
      if (company->n < room)
        company->people[company->n++] = person;
      else {
        company->more++;
        featured = person == first ? person : featured;
      }
    }
  if (featured != NULL && company->n > 0)
    company->people[company->n - 1] = featured;
}

/* The screen that was shared last. */
static CvCut *
find_screen (const CvProgramme *programme, gint64 t)
{
  CvCut *found = NULL;
  for (guint i = 0; i < programme->cuts->len; i++) {
    CvCut *cut = g_ptr_array_index (programme->cuts, i);
    const CvCharacter *person = cut->person;
    if (cut->source == CV_TRACK_SCREEN && cut->from <= t && t < cut->to && cv_periods_contain (person->present, t) &&
        (!person->spoken_for || cv_periods_contain (person->screen, t)) && (found == NULL || cut->from > found->from))
      found = cut;
  }
  return found;
}

static void
add_person (const CvProgramme *programme, CvCharacter *person, gint64 t, const CvBox *box, CvScene *scene)
{
  CvSceneTile *tile = &scene->tiles[scene->n++];
  *tile = (CvSceneTile){ .box = *box, .person = person };
  tile->muted = person->spoken_for && !cv_periods_contain (person->microphone, t);
  tile->speaking = !tile->muted && cv_periods_contain (person->speaking, t);
  if (has_camera (programme, person, t))
    tile->cut = cv_programme_find_cut (programme, person, CV_TRACK_CAMERA, t);
}

static void
add_more (guint more, const CvBox *box, CvScene *scene)
{
  scene->tiles[scene->n++] = (CvSceneTile){ .box = *box, .more = more };
}

/* Those of the company from the `from`-th on, in n boxes; the last one counts those who have none. */
static void
add_company (const CvProgramme *programme, const Company *company, const CvCharacter *except, gint64 t, guint n,
             const CvBox *boxes, CvScene *scene)
{
  guint others = company->n + company->more - (except != NULL ? 1 : 0), shown = 0;
  for (guint i = 0; i < company->n && shown < n; i++) {
    if (company->people[i] == except)
      continue;
    if (shown + 1 == n && others > n)
      add_more (others - shown, &boxes[shown], scene);
    else
      add_person (programme, company->people[i], t, &boxes[shown], scene);
    shown++;
  }
}

static void
show_grid (const CvProgramme *programme, guint width, guint height, gint64 t, CvScene *scene)
{
  CvBox boxes[CV_LAYOUT_MAX_GRID];
  Company company;
  gather (programme, cv_turns_find (programme->featured, t), CV_LAYOUT_MAX_GRID, t, &company);
  cv_layout_grid (width, height, company.n, boxes);
  add_company (programme, &company, NULL, t, company.n, boxes, scene);
}

static void
show_speaker (const CvProgramme *programme, guint width, guint height, gint64 t, CvScene *scene)
{
  CvBox boxes[CV_LAYOUT_MAX_STRIP + 1];
  Company company;
  CvCharacter *featured = cv_turns_find (programme->featured, t);
  gather (programme, featured, CV_LAYOUT_MAX_GRID, t, &company);
  if (company.n == 0)
    return;
  if (featured == NULL || !cv_periods_contain (featured->present, t))
    featured = company.people[0];
  guint n = cv_layout_speaker (width, height, company.n - 1, boxes);
  add_person (programme, featured, t, &boxes[0], scene);
  add_company (programme, &company, featured, t, n, boxes + 1, scene);
}

static void
show_screen (const CvProgramme *programme, CvCut *screen, guint width, guint height, gint64 t, CvScene *scene)
{
  CvBox boxes[CV_LAYOUT_MAX_STRIP + 1];
  Company company;
  const CvMatroskaTrack *track = &screen->footage->track;
  double aspect = track->width > 0 && track->height > 0 ? (double) track->width / track->height : 16.0 / 9;
  gather (programme, cv_turns_find (programme->featured, t), CV_LAYOUT_MAX_GRID, t, &company);
  guint n = cv_layout_presentation (width, height, aspect, company.n, boxes);
  scene->tiles[scene->n++] = (CvSceneTile){ .box = boxes[0], .person = screen->person, .cut = screen, .screen = TRUE };
  add_company (programme, &company, NULL, t, n, boxes + 1, scene);
}

static gint64
find_next_turn (const GArray *turns, gint64 t)
{
  for (guint i = 0; i < turns->len; i++)
    if (g_array_index (turns, CvTurn, i).t > t)
      return g_array_index (turns, CvTurn, i).t;
  return G_MAXINT64;
}

/* Until when nothing of what a scene is made of changes. */
static gint64
find_until (const CvProgramme *programme, gint64 t)
{
  gint64 until = MIN (cv_periods_next (programme->gaps, t), find_next_turn (programme->featured, t));
  for (guint i = 0; i < programme->people->len; i++) {
    const CvCharacter *person = g_ptr_array_index (programme->people, i);
    const GArray *const all[] = { person->present, person->microphone, person->camera, person->screen,
                                  person->speaking };
    for (guint k = 0; k < G_N_ELEMENTS (all); k++)
      until = MIN (until, cv_periods_next (all[k], t));
  }
  for (guint i = 0; i < programme->cuts->len; i++) {
    const CvCut *cut = g_ptr_array_index (programme->cuts, i);
    if (cut->from > t)
      until = MIN (until, cut->from);
    if (cut->to > t)
      until = MIN (until, cut->to);
  }
  return until;
}

static guint
count_present (const CvProgramme *programme, gint64 t)
{
  guint n = 0;
  for (guint i = 0; i < programme->people->len; i++) {
    const CvCharacter *person = g_ptr_array_index (programme->people, i);
    n += cv_periods_contain (person->present, t) ? 1 : 0;
  }
  return n;
}

void
cv_scene_find (const CvProgramme *programme, CvLayout layout, guint width, guint height, gint64 t, CvScene *scene)
{
  CvCut *screen = layout == CV_LAYOUT_PRESENTATION || layout == CV_LAYOUT_AUTO ? find_screen (programme, t) : NULL;
  *scene = (CvScene){ .from = t, .until = find_until (programme, t) };
  scene->interrupted = cv_periods_contain (programme->gaps, t);
  if (screen != NULL)
    show_screen (programme, screen, width, height, t, scene);
  else if (layout == CV_LAYOUT_SPEAKER || (layout == CV_LAYOUT_AUTO && count_present (programme, t) > MAX_EQUALS))
    show_speaker (programme, width, height, t, scene);
  else
    show_grid (programme, width, height, t, scene);
}

gboolean
cv_scene_is_alike (const CvScene *a, const CvScene *b)
{
  if (a->n != b->n || a->interrupted != b->interrupted)
    return FALSE;
  for (guint i = 0; i < a->n; i++) {
    const CvSceneTile *one = &a->tiles[i], *other = &b->tiles[i];
    if (one->person != other->person || one->screen != other->screen || one->more != other->more ||
        one->box.x != other->box.x || one->box.y != other->box.y || one->box.width != other->box.width ||
        one->box.height != other->box.height)
      return FALSE;
  }
  return TRUE;
}

guint
cv_scene_count_most (const CvProgramme *programme, CvLayout layout)
{
  guint most = 0;
  for (guint i = 0; i < programme->people->len; i++) {
    const CvCharacter *person = g_ptr_array_index (programme->people, i);
    for (guint k = 0; k < person->present->len; k++) {
      CvScene scene;
      cv_scene_find (programme, layout, 1280, 720, g_array_index (person->present, CvPeriod, k).from, &scene);
      most = MAX (most, scene.n);
    }
  }
  return most;
}
