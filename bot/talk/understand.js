/* What somebody's own words ask for: the twin of understand.py, reading.py and spelling.py, with the same
   answers, in JavaScript as browsers have known it since 2011, without a library.

     khuaUnderstand(packed) -> function (text, page) -> {page, others, emergency, doubt, lang, ideas}

   packed  what twin.py makes of a book's index; how it is written stands there
   page    id of the page being looked at, or null
   In the answer, page is an id or null, others and ideas are lists, lang is "" where the text does not tell. */

function khuaUnderstand(packed) {
  "use strict";

  var all = JSON.parse(packed), constants = all.constants, spelling = all.spelling;

  /* ---------------------------------------------------------------- signs and lists */

  function table() {
    return Object.create(null);
  }

  function number(text, at) {
    var code = text.charCodeAt(at);
    return code - (code > 160 ? 70 : code > 92 ? 36 : 35);
  }

  function numbers(text) {
    var found = [], at;
    for (at = 0; at < text.length; at++) found.push(number(text, at));
    return found;
  }

  function unfolded(folded) {
    return folded % 2 ? -(folded + 1) / 2 : folded / 2;
  }

  function rising(text) {
    var found = [], before = -1, at;
    for (at = 0; at < text.length; at++) {
      before += number(text, at) + 1;
      found.push(before);
    }
    return found;
  }

  /* Each text begins with a sign that tells how many letters of the one before begin it, too. */
  function texts(joined) {
    var found = [], before = "", from, to = 0;
    while (to < joined.length) {
      from = to++;
      while (to < joined.length && all.same.indexOf(joined.charAt(to)) < 0) to++;
      before = before.slice(0, all.same.indexOf(joined.charAt(from))) + joined.slice(from + 1, to);
      found.push(before);
    }
    return found;
  }

  function by(keys, values) {
    var found = table(), at;
    for (at = 0; at < keys.length; at++) found[keys[at]] = values[at];
    return found;
  }

  function once(list) {
    var met = table();
    return list.filter(function (each) {
      var first = met[each] === undefined;
      met[each] = true;
      return first;
    });
  }

  function changed(text, letters) {
    var found = [], at, letter;
    for (at = 0; at < text.length; at++) {
      letter = letters[text.charAt(at)];
      found.push(letter === undefined ? text.charAt(at) : letter);
    }
    return found.join("");
  }

  /* ---------------------------------------------------------------- spelling.py */

  function rules(those) {
    return those.map(function (rule) {
      return [new RegExp(rule[0], "g"), rule[1]];
    });
  }

  function rewritten(those, text) {
    for (var at = 0; at < those.length; at++) text = text.replace(those[at][0], those[at][1]);
    return text;
  }

  function pattern(text) {
    return new RegExp(text, "g");
  }

  var END = spelling.end;
  var letters = by(spelling.letters[0].split(""), spelling.letters[1].split(""));
  spelling.dropped.split("").forEach(function (sign) {
    letters[sign] = "";
  });
  var asLao = by(spelling.as_lao[0].split(""), spelling.as_lao[1].split(""));
  var thaiRun = pattern(spelling.thai_run), onePiece = pattern(spelling.piece);
  var latinSyllable = pattern(spelling.latin_syllable);
  var thaiRules = rules(spelling.thai), laoRules = rules(spelling.lao), soundRules = rules(spelling.sound);
  var latinRules = rules(spelling.latin), englishRules = rules(spelling.english);

  var letterOf = by(all.short[0].split(""), all.short[1].split(""));

  function spelled(name) {
    return texts(changed(all.texts[name], letterOf));
  }

  var thaiWords = spelled("thai"), thai = by(thaiWords, spelled("thai_said"));

  function clean(text) {
    var found = [], at, letter;
    for (at = 0; at < text.length; at++) {
      letter = letters[text.charAt(at)];
      found.push(letter === undefined ? " " : letter);
    }
    return found.join("");
  }

  function runInLao(run) {
    var found = [], at = 0, size, said;
    while (at < run.length) {
      for (size = Math.min(spelling.longest_thai, run.length - at); size > 1; size--) {
        said = thai[run.substr(at, size)];
        if (said !== undefined) break;
      }
      found.push(size > 1 ? said : run.charAt(at));
      at += Math.max(size, 1);
    }
    return found.join("");
  }

  function pieces(text) {
    var cleaned = clean(text);
    if (cleaned.search(thaiRun) >= 0) {
      if (thaiWords.length) cleaned = cleaned.replace(thaiRun, runInLao);
      cleaned = changed(rewritten(thaiRules, cleaned), asLao);
    }
    return rewritten(laoRules, cleaned).match(onePiece) || [];
  }

  function parted(text) {
    return text.match(/[^ ]+/g) || [];
  }

  function sound(syllables) {
    return syllables.length ? parted(rewritten(soundRules, " " + syllables.join(" ") + " ")) : [];
  }

  function sounds(words) {
    if (!words.length) return [];
    return rewritten(latinRules, words.join(" ")).split(" ").map(function (word) {
      return word.match(latinSyllable) || [];
    });
  }

  function stems(words) {
    return parted(rewritten(englishRules, words.join(" ") + " "));
  }

  /* ---------------------------------------------------------------- reading.py */

  var LAO = "lao";

  function isLao(piece) {
    return piece > "\u0e80";
  }

  function isWord(piece) {
    return piece.charAt(0) >= "a" && piece.charAt(0) <= "z";
  }

  function isFigure(piece) {
    return piece.charAt(0) >= "0" && piece.charAt(0) <= "9";
  }

  function figured(piece) {
    return isFigure(piece) ? "#" + piece.length : piece;
  }

  function inLaoLetters(cut) {
    var latin = cut.filter(isWord).length;
    var others = cut.filter(function (piece) {
      return isFigure(piece) || piece === END;
    }).length;
    return cut.length - latin - others >= Math.max(latin, 1);
  }

  /* Word -> its sounds. */
  function hear(words) {
    var lao = words.filter(isLao), latin = words.filter(isWord), one = sound(lao), heardSo = by(latin, sounds(latin));
    lao.forEach(function (word, at) {
      heardSo[word] = [one[at]];
    });
    return heardSo;
  }

  /* What stands in forms is heard once and for all. */
  var known = table();

  function heard(cut) {
    var said = [], starts = [], at, fresh = hear(cut.filter(function (piece) {
      return known[piece] === undefined;
    }));
    for (at = 0; at < cut.length; at++) {
      starts.push(said.length);
      Array.prototype.push.apply(said, known[cut[at]] || fresh[cut[at]] || [figured(cut[at])]);
    }
    return {said: said, starts: starts};
  }

  function worded(cut) {
    var kept = cut.filter(function (piece) {
      return piece < "\u0e80";
    });
    var stemmed = stems(kept.filter(isWord)), at = 0;
    return kept.map(function (piece) {
      return isWord(piece) ? stemmed[at++] : figured(piece);
    });
  }

  /* Forms: ideas by form, and how long the forms are that begin with a piece. */
  function noForms() {
    return {ideas: table(), longest: table()};
  }

  function addForm(forms, form, idea) {
    var those = forms.ideas[form.join(" ")] || (forms.ideas[form.join(" ")] = []);
    if (those.indexOf(idea) < 0) those.push(idea);
    forms.longest[form[0]] = Math.max(forms.longest[form[0]] || 0, form.length);
  }

  function ideasIn(said, forms) {
    var hits = [], at = 0, size, hit;
    while (at < said.length) {
      hit = undefined;
      for (size = Math.min(forms.longest[said[at]] || 0, said.length - at); size > 0; size--) {
        hit = forms.ideas[said.slice(at, at + size).join(" ")];
        if (hit !== undefined) {
          hits.push({at: at, ideas: hit});
          break;
        }
      }
      at += hit === undefined ? 1 : size;
    }
    return hits;
  }

  /* A text as it sounds and in words, each worked out once where it is asked for. */
  function listened(cut) {
    var heardSo, words;
    return {
      heard: function () {
        return heardSo || (heardSo = heard(cut));
      },
      worded: function () {
        return words || (words = worded(cut));
      }
    };
  }

  function found(cut, lang, ear) {
    var heardSo;
    if (!lang || lang.way !== LAO) return {said: ear.worded(), hits: lang ? ideasIn(ear.worded(), lang.written) : []};
    heardSo = ear.heard();
    if (!inLaoLetters(cut)) return {said: heardSo.said, hits: ideasIn(heardSo.said, lang.sounding)};
    return {
      said: heardSo.said,
      hits: ideasIn(cut.map(figured), lang.written).map(function (hit) {
        return {at: heardSo.starts[hit.at], ideas: hit.ideas};
      })
    };
  }

  function pair(one, other) {
    return one + " " + other;
  }

  function seen(said, hits) {
    var ones = said.filter(function (each) {
      return each !== END;
    });
    var pairs = ones.slice(1).map(function (other, at) {
      return pair(ones[at], other);
    });
    var those = [];
    hits.forEach(function (hit) {
      Array.prototype.push.apply(those, hit.ideas);
    });
    return {ones: once(ones), pairs: once(pairs), ideas: once(those)};
  }

  /* ---------------------------------------------------------------- the index */

  var pages = texts(all.pages), ideas = texts(all.ideas);
  var placeOf = by(pages, pages.map(function (page, at) {
    return at;
  }));
  var urgent = numbers(all.urgent), onward = numbers(all.onward);
  var near = all.near.split(" ").map(numbers);
  var further = by(all.further, all.further);
  var titles = by(spelled("titles"), numbers(all.titled)), safe = by(spelled("safe"), spelled("safe"));
  var roots = numbers(constants.ROOTS);
  var weighed = 0;

  /* Gives the next places among the features to `names`. */
  function places(names) {
    var those = table();
    names.forEach(function (name) {
      those[name] = weighed++;
    });
    return those;
  }

  function formsOf(lang, words, doubted) {
    var later = [], out = table();
    lang.written = noForms();
    lang.sounding = noForms();
    lang.packed.forms.split("!").forEach(function (row, idea) {
      var form = [], at = 0, each;
      while (at < row.length) {
        form = form.slice(0, number(row, at++));
        while (at < row.length && (each = number(row, at)) >= all.kept) {
          form.push(words[each - all.kept]);
          at++;
        }
        addForm(lang.written, form, idea);
        if (lang.way === LAO) later.push({said: heard(form).said, idea: idea});
      }
    });
    var everySound = once(later.map(function (each) {
      return each.said.join(" ");
    }));
    doubted.forEach(function (at) {
      out[everySound[at]] = true;
    });
    later.forEach(function (each) {
      if (each.said.length && !out[each.said.join(" ")]) addForm(lang.sounding, each.said, each.idea);
    });
  }

  var languages = all.languages.map(function (each) {
    var said = texts(each.said), written = each.way === LAO ? spelled(each.code + " written") : said, pairs = [];
    var lang = {code: each.code, way: each.way, packed: each};
    each.seconds.split(" ").forEach(function (row, at) {
      rising(row).forEach(function (other) {
        pairs.push(pair(said[at], said[other]));
      });
    });
    lang.ones = places(said);
    lang.pairs = places(pairs);
    if (each.way === LAO) known = hear(written);
    formsOf(lang, written, rising(each.doubted));
    lang.plain = spelled(each.code + " plain");
    lang.plainHeard = texts(each.plain_heard);
    return lang;
  });
  var ofIdeas = places(ideas.map(function (name, at) {
    return at;
  }));

  /* Place of a feature -> how many pages it speaks for; its rank where the most come first; where its pages begin. */
  var counts = numbers(all.features.counts), ranks = [], starts = [];
  (function () {
    var start = 0, order = counts.map(function (count, place) {
      return place;
    });
    order.sort(function (one, other) {
      return counts[other] - counts[one] || one - other;
    });
    order.forEach(function (place, rank) {
      ranks[place] = rank;
      starts[place] = start;
      start += counts[place];
    });
  })();

  /* ---------------------------------------------------------------- understand.py */

  function root(count) {
    return roots[Math.min(count, roots.length - 1)];
  }

  /* Calls `work` with the place among the features of each thing seen that has one, and the root of its kind. */
  function weigh(lang, what, work) {
    function addUp(features, those) {
      var divided = root(features.length), at, place;
      for (at = 0; at < features.length; at++) {
        place = those[features[at]];
        if (place !== undefined) work(place, divided);
      }
    }
    addUp(what.ideas, ofIdeas);
    if (lang) {
      addUp(what.ones, lang.ones);
      addUp(what.pairs, lang.pairs);
    }
  }

  function pointsOf(lang, what) {
    var points = table(), gaps = all.features.pages, more = all.features.more;
    weigh(lang, what, function (place, divided) {
      var least = number(all.features.least, ranks[place]), page = -1, at = starts[place], end = at + counts[place];
      for (; at < end; at++) {
        page += number(gaps, at) + 1;
        points[page] = (points[page] || 0) + (least + number(more, at)) * divided;
      }
    });
    return points;
  }

  /* What the text says for one of the two classes, of which `weights` tell. */
  function sum(added, weights, lang, what) {
    weigh(lang, what, function (place, divided) {
      added += unfolded(number(weights, ranks[place])) * divided;
    });
    return added;
  }

  function danger(lang, what) {
    return sum(all.added[0], all.features.danger, lang, what);
  }

  function mostDanger(lang, what, said, hits) {
    var most = danger(lang, what), start, end;
    function inPart(hit) {
      return start <= hit.at && hit.at < end;
    }
    if (said.length <= constants.LONG) return most;
    for (start = 0; start < said.length - constants.PART_SIZE + constants.STEP; start += constants.STEP) {
      end = start + constants.PART_SIZE;
      most = Math.max(most, danger(lang, seen(said.slice(start, end), hits.filter(inPart))));
    }
    return most;
  }

  function bare(said) {
    return said.join(" ").replace(/^[| ]+|[| ]+$/g, "");
  }

  function plainDanger(lang, cut, said) {
    var written = lang && lang.way === LAO && inLaoLetters(cut);
    var text = " ^ " + bare(written ? cut.map(figured) : said) + " $ ";
    if (!lang) return false;
    return (lang.way === LAO && !written ? lang.plainHeard : lang.plain).some(function (form) {
      return text.indexOf(" " + form + " ") >= 0;
    });
  }

  function weighs(those) {
    return function (feature) {
      return those[feature] !== undefined && counts[those[feature]] > 0;
    };
  }

  function pairsOf(said) {
    return said.slice(1).map(function (other, at) {
      return pair(said[at], other);
    });
  }

  function languageOf(cut, ear) {
    var best = null, most = 0;
    var lao = languages.filter(function (lang) {
      return lang.way === LAO;
    })[0];
    if (lao && inLaoLetters(cut)) return lao;
    if (!cut.some(isWord)) return null;
    var words = cut.filter(isWord);
    languages.forEach(function (lang) {
      var said = words.map(function (word) {
        return lang.way === LAO ? heard([word]).said : worded([word]);
      });
      var knows = said.filter(function (each) {
        return each.every(weighs(lang.ones)) && pairsOf(each).every(weighs(lang.pairs));
      }).length;
      var beside = said.slice(1).filter(function (other, at) {
        var one = said[at];
        return one.length && other.length && weighs(lang.pairs)(pair(one[one.length - 1], other[0]));
      }).length;
      var both = Math.floor((knows * 1000) / Math.max(1, words.length));
      both += Math.floor((beside * 1000) / Math.max(1, words.length - 1));
      if (words.length > 1 && lang.way !== LAO && knows) both += 1;
      if (both > most) {
        best = lang;
        most = both;
      }
    });
    return best;
  }

  function judge(what, whole, sound, page) {
    var emergency = what.plain || what.danger > constants.DANGER;
    var doubt = !emergency && what.danger > constants.DOUBT;
    var best = what.best, points = what.points, calm, lean, most, title;

    function answer(first, others, alarm, doubted) {
      return {
        page: first === null ? null : pages[first],
        others: others.map(function (each) {
          return pages[each];
        }),
        emergency: alarm,
        doubt: doubted,
        lang: what.lang,
        ideas: what.ideas.map(function (idea) {
          return ideas[idea];
        })
      };
    }

    function others(from) {
      return best.slice(from, from + constants.OTHERS);
    }

    if (safe[whole] !== undefined) return answer(null, [], true, false);
    title = titles[whole] !== undefined ? titles[whole] : titles[sound];
    if (title !== undefined) {
      best = [title].concat(best.filter(function (each) {
        return each !== title;
      }));
      return answer(best[0], others(1), emergency, doubt);
    }
    if (onward[page] && what.ideas.length && what.ideas.every(function (idea) {
      return further[idea] !== undefined;
    })) return answer(onward[page] - 1, [page], emergency, doubt);
    most = best.length ? points[best[0]] : 0;
    if (!emergency && what.danger <= constants.CALM && best.length && urgent[best[0]]) {
      calm = best.filter(function (each) {
        return !urgent[each];
      })[0];
      lean = constants.NEARLY + Math.floor((constants.CALM - what.danger) / constants.LEANS);
      if (calm !== undefined && most - points[calm] < lean) {
        best = [calm].concat(best.filter(function (each) {
          return each !== calm;
        }));
      }
    }
    if (best.length && (emergency || 4 * most - 3 * what.foreign >= 4 * 4096 * all.floor)) {
      return answer(best[0], others(1), emergency, doubt);
    }
    return answer(null, others(0), emergency, doubt);
  }

  return function (text, page) {
    var cut = pieces(String(text)), ear = listened(cut), lang = languageOf(cut, ear), read = found(cut, lang, ear);
    var what = seen(read.said, read.hits), points = pointsOf(lang, what), at = placeOf[page];
    if (at !== undefined && read.said.length <= constants.SHORT) {
      near[at].forEach(function (each) {
        if (points[each] !== undefined) points[each] += constants.LEAN;
      });
    }
    return judge({
      lang: lang ? lang.code : "",
      ideas: what.ideas,
      points: points,
      best: Object.keys(points).map(Number).sort(function (one, other) {
        return points[other] - points[one] || one - other;
      }),
      danger: mostDanger(lang, what, read.said, read.hits),
      plain: plainDanger(lang, cut, read.said),
      foreign: sum(all.added[1], all.features.foreign, lang, what)
    }, bare(cut), lang && lang.way === LAO ? "~" + bare(read.said) : "", at);
  };
}
