/* A page that only passes something on sends its form by itself; its button does it without scripts. */
document.querySelector("form[data-go-on]").submit();
