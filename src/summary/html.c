/* See html.h. */
#include "summary/html.h"

#include <math.h>
#include <string.h>

/* Colours as the web client's in its light theme, {accent} and {soft} of the paper: put in here, since readers of e-mails know no variables. On paper
 * black on white, where links lead in plain text, and no table or message torn apart. */
static const char STYLE[] =
  ":root{color-scheme:light}*{box-sizing:border-box}"
  "body{margin:0;background:#f7f5f2;color:#211e1a;font:15px/1.55 Inter,'Noto Sans','Segoe UI',Roboto,'Helvetica "
  "Neue',Arial,sans-serif;"
  "overflow-wrap:anywhere}"
  "main{max-width:52rem;margin:2rem auto;padding:3.2rem 3.6rem 2.4rem;background:#fff;border-radius:12px;"
  "box-shadow:0 1px 2px #28221a14,0 12px 32px #28221a14}"
  "header{border-bottom:2px solid {accent};padding-bottom:1.4rem}"
  ".kind{margin:0;color:{accent};font-size:.8rem;font-weight:600;letter-spacing:.08em;text-transform:uppercase}"
  "h1{margin:.25rem 0 .2rem;font-size:2rem;line-height:1.2;letter-spacing:-.01em}"
  ".subtitle{margin:0;color:#5c564e}"
  "dl{display:flex;flex-wrap:wrap;gap:.4rem 2.4rem;margin:1.2rem 0 0}dl div{min-width:5rem}"
  "dt{color:#5c564e;font-size:.78rem}dd{margin:0;font-weight:600}"
  "h2{margin:2.4rem 0 .7rem;font-size:1.25rem}h3{margin:1.4rem 0 .4rem;font-size:1rem}"
  "p{margin:.5rem 0;white-space:pre-wrap}.note{color:#5c564e;font-size:.85rem}"
  "table{width:100%;border-collapse:collapse;font-size:.92rem}"
  "th{padding:.35rem .6rem;text-align:left;color:#5c564e;font-size:.78rem;font-weight:600;border-bottom:1px solid "
  "#ded9d1;overflow-wrap:normal}"
  "td{padding:.45rem .6rem;vertical-align:top;border-bottom:1px solid #eeebe6}"
  "th:first-child,td:first-child{padding-left:0}th:last-child,td:last-child{padding-right:0}"
  ".n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}"
  ".c{font:.72rem/1.5 ui-monospace,'DejaVu Sans Mono',monospace;color:#5c564e}"
  ".box{margin:.7rem 0;padding:.6rem .9rem;border-left:3px solid {accent};background:{soft};border-radius:0 8px 8px 0}"
  ".box.action{border-color:#7a4b00;background:#fdf0d5}.box p{margin:0}"
  ".box .label{font-size:.74rem;font-weight:600;letter-spacing:.04em;color:{accent}}.box.action .label{color:#7a4b00}"
  ".bar{display:grid;grid-template-columns:minmax(6rem,2fr) 5fr 3rem;gap:.8rem;align-items:center;margin:.3rem 0}"
  ".bar i{display:block;height:.7rem;border-radius:99px;background:#eeebe6;overflow:hidden}"
  ".bar b{display:block;height:100%;background:{accent}}.bar "
  "span:last-child{text-align:right;font-variant-numeric:tabular-nums}"
  ".message{display:grid;grid-template-columns:3.4rem 1fr;gap:.2rem .4rem;margin:.55rem 0}"
  ".message time{color:#5c564e;font-size:.82rem;font-variant-numeric:tabular-nums;padding-top:.1rem}"
  ".message p{margin:0}.message strong{font-weight:600}"
  ".message blockquote{margin:.1rem 0;padding-left:.6rem;border-left:2px solid #ded9d1;color:#5c564e;font-size:.86rem}"
  "a{color:{accent}}footer{margin-top:2.8rem;padding-top:.8rem;border-top:1px solid "
  "#eeebe6;color:#5c564e;font-size:.8rem}footer p{margin:.2rem 0}footer a{margin-right:1.2rem}"
  "@media(max-width:40rem){main{margin:0;padding:1.6rem 1.2rem;border-radius:0}h1{font-size:1.5rem}"
  "table{display:block;overflow-x:auto}td,th{min-width:3.5rem}}"
  "@media print{@page{margin:18mm 16mm}body{background:#fff;font-size:10.5pt}"
  "main{max-width:none;margin:0;padding:0;box-shadow:none;border-radius:0}h2,h3{break-after:avoid}"
  "tr,.box,.bar,.message{break-inside:avoid}thead{display:table-header-group}"
  "footer a{display:block}footer a::after{content:': ' attr(href)}"
  "*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}";

static void
append (GString *out, const char *text)
{
  for (const char *at = text != NULL ? text : ""; *at != '\0'; at++) {
    switch (*at) {
    case '&':
      g_string_append (out, "&amp;");
      break;
    case '<':
      g_string_append (out, "&lt;");
      break;
    case '>':
      g_string_append (out, "&gt;");
      break;
    case '"':
      g_string_append (out, "&quot;");
      break;
    case '\'':
      g_string_append (out, "&#39;");
      break;
    default:
      g_string_append_c (out, *at);
    }
  }
}

/* An element with a text that may be NULL: then it is left out. `opening` is written as it is. */
static void
append_element (GString *out, const char *opening, const char *text, const char *closing)
{
  if (text == NULL || *text == '\0')
    return;
  g_string_append (out, opening);
  append (out, text);
  g_string_append (out, closing);
}

static void
append_facts (GString *out, const CvPaperBlock *block)
{
  g_string_append (out, "<dl>");
  for (guint i = 0; i + 1 < block->cells->len; i += 2) {
    append_element (out, "<div><dt>", ((CvPaperCell *) g_ptr_array_index (block->cells, i))->text, "</dt>");
    append_element (out, "<dd>", ((CvPaperCell *) g_ptr_array_index (block->cells, i + 1))->text, "</dd></div>");
  }
  g_string_append (out, "</dl>");
}

/* Its text, as a link where it has one. */
static void
append_linked (GString *out, const CvPaperCell *cell)
{
  if (cell->link != NULL) {
    g_string_append (out, "<a rel=\"noreferrer\" target=\"_blank\" href=\"");
    append (out, cell->link);
    g_string_append (out, "\">");
  }
  append (out, cell->text);
  g_string_append (out, cell->link != NULL ? "</a>" : "");
}

static void
append_cell (GString *out, const CvPaperCell *cell, const CvPaperColumn *column)
{
  g_string_append (out, column->right ? "<td class=\"n\">" : column->code ? "<td class=\"c\">" : "<td>");
  append_linked (out, cell);
  g_string_append (out, "</td>");
}

static void
append_table (GString *out, const CvPaperBlock *block)
{
  guint n = block->columns->len;

  g_string_append (out, "<table><thead><tr>");
  for (guint i = 0; i < n; i++) {
    const CvPaperColumn *column = g_ptr_array_index (block->columns, i);

    g_string_append (out, column->right ? "<th class=\"n\">" : "<th>");
    append (out, column->title);
    g_string_append (out, "</th>");
  }
  g_string_append (out, "</tr></thead><tbody>");
  for (guint i = 0; i < block->cells->len; i++) {
    g_string_append (out, i % n == 0 ? "<tr>" : "");
    append_cell (out, g_ptr_array_index (block->cells, i), g_ptr_array_index (block->columns, i % n));
    g_string_append (out, i % n == n - 1 ? "</tr>\n" : "");
  }
  g_string_append (out, "</tbody></table>");
}

static void
append_bar (GString *out, const CvPaperBlock *block)
{
  g_string_append (out, "<div class=\"bar\">");
  append_element (out, "<span>", block->label, "</span>");
  g_string_append_printf (out, "<i><b style=\"width:%d%%\"></b></i><span>%" G_GINT64_FORMAT "</span></div>",
                          (int) lround (block->part * 100), block->number);
}

static void
append_message (GString *out, const CvPaperBlock *block)
{
  g_string_append (out, "<div class=\"message\">");
  append_element (out, "<time>", block->label, "</time>");
  g_string_append (out, "<div>");
  append_element (out, "<strong>", block->name, "</strong>");
  append_element (out, "<blockquote>", block->quote, "</blockquote>");
  append_element (out, "<p>", block->text, "</p>");
  append_element (out, "<div class=\"note\">", block->note, "</div>");
  g_string_append (out, "</div></div>");
}

static void
append_box (GString *out, const CvPaperBlock *block)
{
  g_string_append (out, block->type == CV_PAPER_ACTION ? "<div class=\"box action\">" : "<div class=\"box\">");
  append_element (out, "<div class=\"label\">", block->label, "</div>");
  append_element (out, "<p>", block->text, "</p>");
  append_element (out, "<div class=\"note\">", block->note, "</div>");
  g_string_append (out, "</div>");
}

static void
append_block (GString *out, const CvPaperBlock *block)
{
  switch (block->type) {
  case CV_PAPER_FACTS:
    append_facts (out, block);
    break;
  case CV_PAPER_SECTION:
    append_element (out, "<h2>", block->text, "</h2>");
    break;
  case CV_PAPER_HEADING:
    append_element (out, "<h3>", block->text, "</h3>");
    break;
  case CV_PAPER_PARAGRAPH:
    append_element (out, "<p>", block->text, "</p>");
    break;
  case CV_PAPER_NOTE:
    append_element (out, "<p class=\"note\">", block->text, "</p>");
    break;
  case CV_PAPER_DECISION:
  case CV_PAPER_ACTION:
    append_box (out, block);
    break;
  case CV_PAPER_TABLE:
    append_table (out, block);
    break;
  case CV_PAPER_BAR:
    append_bar (out, block);
    break;
  case CV_PAPER_MESSAGE:
  default:
    append_message (out, block);
  }
  g_string_append_c (out, '\n');
}

static void
append_style (GString *out, const CvPaper *paper)
{
  g_autoptr (GString) style = g_string_new (STYLE);

  g_string_replace (style, "{accent}", paper->accent.text, 0);
  g_string_replace (style, "{soft}", paper->soft.text, 0);
  g_string_append_printf (out, "<style>%s</style>", style->str);
}

static void
append_footer (GString *out, const CvPaper *paper)
{
  g_string_append (out, "<footer>");
  append_element (out, "<p>", paper->footer, "</p>");
  g_string_append (out, paper->links->len > 0 ? "<p>" : "");
  for (guint i = 0; i < paper->links->len; i++) {
    g_string_append (out, i > 0 ? " " : "");
    append_linked (out, g_ptr_array_index (paper->links, i));
  }
  g_string_append (out, paper->links->len > 0 ? "</p></footer>" : "</footer>");
}

char *
cv_html_write (const CvPaper *paper)
{
  GString *out = g_string_new ("<!doctype html>\n<html lang=\"");

  append (out, paper->language);
  g_string_append (out, "\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">"
                        "<meta name=\"referrer\" content=\"no-referrer\"><title>");
  append (out, paper->title);
  g_string_append (out, "</title>");
  append_style (out, paper);
  g_string_append (out, "</head>\n<body><main><header>");
  append_element (out, "<p class=\"kind\">", paper->kind, "</p>");
  append_element (out, "<h1>", paper->title, "</h1>");
  append_element (out, "<p class=\"subtitle\">", paper->subtitle, "</p>");
  /* what stands before the first section belongs to the head */
  guint i = 0;
  for (; i < paper->blocks->len && ((CvPaperBlock *) g_ptr_array_index (paper->blocks, i))->type == CV_PAPER_FACTS; i++)
    append_block (out, g_ptr_array_index (paper->blocks, i));
  g_string_append (out, "</header>\n");
  for (; i < paper->blocks->len; i++)
    append_block (out, g_ptr_array_index (paper->blocks, i));
  append_footer (out, paper);
  g_string_append (out, "</main></body></html>\n");
  return g_string_free (out, FALSE);
}
