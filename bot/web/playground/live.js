// The live events: reconnected with growing pauses, resumed where they broke off.

const FIRST_PAUSE_S = 1;
const LONGEST_PAUSE_S = 30;
const STARTING_PAUSE_MS = 500;
const KINDS = ["change", "points", "task", "state", "time"];

// `tell(kind, data)` for each event; `drawAnew()` gives the cursor to go on from; `show(state, s)`.
export function listen({ tell, drawAnew, show }) {
  let cursor = "";
  let pause = FIRST_PAUSE_S;

  async function connect(state = "connecting") {
    show(state);
    try {
      cursor ||= await drawAnew();
    } catch (error) {
      if (error.message === "starting") soon();
      else later();
      return;
    }
    const source = new EventSource(`/play/events?after=${encodeURIComponent(cursor)}`);
    source.onopen = () => {
      pause = FIRST_PAUSE_S;
      show("live");
    };
    source.onerror = () => {
      source.close();
      later();
    };
    source.addEventListener("reset", () => {
      source.close();
      cursor = "";
      connect();
    });
    for (const kind of KINDS) {
      source.addEventListener(kind, (event) => {
        cursor = event.lastEventId;
        tell(kind, JSON.parse(event.data));
      });
    }
  }

  function soon() {
    show("starting");
    setTimeout(connect, STARTING_PAUSE_MS, "starting");
  }

  function later() {
    // Pages that lost the same server must not all come back in the same instant.
    const wait = pause * (1 + Math.random() / 4);
    pause = Math.min(pause * 2, LONGEST_PAUSE_S);
    show("lost", Math.ceil(wait));
    setTimeout(connect, wait * 1000);
  }

  connect();
}
