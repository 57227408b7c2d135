// Sends the page's one form as soon as it is read. Without scripts its button does the same.
import { onArrival } from "../app/arrivals.js";

onArrival(() => document.querySelector("form[data-submit]")?.submit());
