// How html-validate judges the pages of a built site (tests/browser/test_gates_markup.py).
module.exports = {
  root: true,
  extends: ['html-validate:recommended', 'html-validate:standard', 'html-validate:a11y'],
  rules: {
    // HTML does not mind, and every other tag of ours is lower-case.
    'doctype-style': ['error', {style: 'lowercase'}],
    // A table that scrolls is a region, so that it can be reached by keyboard and has a name. It is no
    // <section> of the text: it has no heading and stands among the paragraphs as one of them.
    'prefer-native-element': ['error', {exclude: ['region']}],
  },
};
