// What moderators have beyond what everybody has: single keys on the desk, and choosing words to take out.
import { onArrival } from "../app/arrivals.js";
import * as desk from "../app/desk.js";
import * as redact from "../app/redact.js";

desk.start();
onArrival(desk.enhance);
onArrival(redact.enhance);
