// Reads calendars with ical.js: each line of the input is a calendar as a JSON string, each of the output its events.
import ICAL from "ical.js";
import { createInterface } from "node:readline";

const texts = ["uid", "summary", "location", "description", "status"];

function readTime(time) {
  return time && (time.isDate ? time.toString() : time.toUnixTime());
}

function readEvent(component) {
  const event = new ICAL.Event(component);
  const found = Object.fromEntries(texts.map((name) => [name, component.getFirstPropertyValue(name)]));
  return { ...found, start: readTime(event.startDate), end: readTime(event.endDate) };
}

for await (const line of createInterface({ input: process.stdin })) {
  const calendar = new ICAL.Component(ICAL.parse(JSON.parse(line)));
  console.log(JSON.stringify(calendar.getAllSubcomponents("vevent").map(readEvent)));
}
