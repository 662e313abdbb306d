"""The workshop every page needs (页面工坊): answers, the guard, failures, words, forms, language."""
