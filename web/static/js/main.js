// Starts every behaviour on the page; each one is hooked by its own data-attribute and the page works without it.
import { startAutosave } from "./autosave.js";
import { startAutosubmit } from "./autosubmit.js";
import { startCounters } from "./counter.js";
import { focusFirst } from "./focus.js";
import { startLeaveWarning } from "./leave.js";
import { startMenus } from "./menu.js";
import { startPolls } from "./poll.js";
import { startRows } from "./rows.js";
import { startSkillFinders } from "./skills.js";
import { startSuggestions } from "./suggest.js";

startSuggestions(document);
startRows(document);
startSkillFinders(document);
startCounters(document);
startLeaveWarning(document);
startAutosave(document);
startAutosubmit(document);
startMenus(document);
startPolls(document);
focusFirst(document);
