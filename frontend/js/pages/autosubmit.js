// A page that is only a step on the way: its form goes off as soon as it can. Without scripts its button does the same.
document.querySelector("form[data-submit]")?.submit();
