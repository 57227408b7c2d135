// Sends the form of a launch step. Without JavaScript its button does the same.
document.getElementById("onward").submit();
