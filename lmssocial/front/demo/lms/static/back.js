// After a choice in the frame: the whole window goes back to the course. Without JavaScript the link does the same.
window.top.location.assign(document.getElementById("back").href);
