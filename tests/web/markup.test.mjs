// markup.js: whatever is put in is text.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { markup } from '../../data/web/app/markup.js';

test('what is put in is escaped, in contents and in attributes', () => {
  const hostile = `</p><script>alert('1')</script>"&amp;`;
  assert.equal(String(markup`<p title="${hostile}">${hostile}</p>`),
    '<p title="&lt;/p&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&quot;&amp;amp;">&lt;/p&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&quot;&amp;amp;</p>');
});

test('what was made the same way is not, also in lists; nothing is nothing', () => {
  assert.equal(String(markup`<ul>${['<', '>'].map(sign => markup`<li>${sign}</li>`)}</ul>${null}${undefined}${false}${''}${0}`), '<ul><li>&lt;</li><li>&gt;</li></ul>0');
});

test('what only looks made is text', () => {
  assert.equal(String(markup`${{ text: '<b>', toString: () => '<i>' }}${['<u>']}`), '&lt;i&gt;&lt;u&gt;');
});
