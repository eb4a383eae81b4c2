// Search in what search.js holds: [id, title, publisher, words] of each record.
(function () {
  'use strict';
  var form = document.getElementById('search'), input = document.getElementById('words');
  var list = document.getElementById('list'), count = document.getElementById('count');
  var all = window.catalogue || [], first = list.innerHTML, said = count.textContent, MOST = 200;

  function plain(text) {
    return text.normalize('NFD').replace(/[\u0300-\u036f]/g, '').toLowerCase().replace(/['\u2019]/g, '')
      .split(/[^0-9a-z]+/).filter(Boolean);
  }

  function element(name, text, className) {
    var made = document.createElement(name), inner = document.createElement('bdi');
    inner.textContent = text;
    made.appendChild(inner);
    if (className) made.className = className;
    return made;
  }

  function item(record) {
    var li = document.createElement('li'), link = element('a', record[1]);
    link.href = 'datasets/' + record[0] + '.html';
    li.appendChild(link);
    if (record[2]) li.appendChild(element('span', record[2], 'publisher'));
    return li;
  }

  function search() {
    var words = plain(input.value);
    if (!input.value.trim()) {
      list.innerHTML = first;
      count.textContent = said;
      return;
    }
    var typed = input.value.trim().toLowerCase();
    var found = all.filter(function (record) {
      return record[1].toLowerCase().indexOf(typed) >= 0 || words.length && words.every(function (word) { return record[3].indexOf(word) >= 0; });
    });
    list.textContent = '';
    found.slice(0, MOST).forEach(function (record) { list.appendChild(item(record)); });
    count.textContent = found.length + ' ' + count.getAttribute('data-found');
  }

  form.hidden = false;
  form.addEventListener('submit', function (event) { event.preventDefault(); });
  input.addEventListener('input', search);
})();
