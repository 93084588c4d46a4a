import type { Incoming } from '../../protocol/decode';
import type { Hello } from '../../protocol/messages';
import type { RunRecord, State } from './state';

/** Returns the state after a message. Messages come in order and whole, so the last one of a kind counts. */
export function reduce(state: State, message: Incoming): State {
  const next = { ...state, seq: message.seq };
  switch (message.kind) {
    case 'hello':
      return {
        ...next,
        version: message.version,
        session: message.session,
        analyses: message.analyses,
        runs: afterHello(state, message),
        // What a restarted kernel held is gone.
        ...(isRestart(state, message) && { namespace: null, sourceLayers: null }),
      };
    case 'run': {
      const known = recordOf(state, message.run);
      // A lost run of the same name was another run: nothing of it belongs to this one.
      const record = known.lost ? blank(message.run, state.session) : known;
      return { ...next, runs: withRecord(state, { ...record, state: message }) };
    }
    case 'origin':
      return {
        ...next,
        runs: withRecord(state, { ...recordOf(state, message.run), origin: message }),
      };
    case 'layers':
      return {
        ...next,
        runs: withRecord(state, { ...recordOf(state, message.run), layers: message.layers }),
      };
    case 'snapshot': {
      const record = recordOf(state, message.run);
      const snapshots = new Map(record.snapshots).set(message.introspector, message);
      return { ...next, runs: withRecord(state, { ...record, snapshots }) };
    }
    case 'layer_detail': {
      const record = recordOf(state, message.run);
      const details = new Map(record.details).set(message.layer, message);
      return { ...next, runs: withRecord(state, { ...record, details }) };
    }
    case 'recommendation': {
      const record = recordOf(state, message.run);
      const recommendations = new Map(record.recommendations).set(message.introspector, message);
      return { ...next, runs: withRecord(state, { ...record, recommendations }) };
    }
    case 'findings': {
      const record = recordOf(state, message.run);
      const findings = new Map(record.findings).set(message.introspector, message);
      return { ...next, runs: withRecord(state, { ...record, findings }) };
    }
    case 'samples': {
      const record = recordOf(state, message.run);
      const samples = new Map(record.samples).set(message.introspector, message);
      return { ...next, runs: withRecord(state, { ...record, samples }) };
    }
    case 'sample_chunk':
    case 'pictures':
    case 'sample_choice':
    case 'sent_to_python':
      return next;
    case 'namespace':
      return { ...next, namespace: message };
    case 'source_layers':
      return { ...next, sourceLayers: message };
  }
}

/** Returns the state after the kernel went away with all it knew: what it told is kept, and will not change any more. */
export function afterLoss(state: State): State {
  const runs = [...state.runs.values()].map(record => ({ ...record, lost: true }));
  return {
    ...state,
    runs: new Map(runs.map(record => [record.id, record])),
    namespace: null,
    sourceLayers: null,
  };
}

function afterHello(state: State, hello: Hello): Map<string, RunRecord> {
  const restarted = isRestart(state, hello);
  const lost = [...state.runs.values()]
    .filter(record => restarted || !hello.runs.includes(record.id))
    .map(record => ({ ...record, lost: true }));
  const told = { ...state, session: hello.session };
  const kept = restarted ? [] : hello.runs.map(run => recordOf(told, run));
  return new Map([...lost, ...kept].map(record => [record.id, record]));
}

function isRestart(state: State, hello: Hello): boolean {
  return state.session !== null && state.session !== hello.session;
}

function withRecord(state: State, record: RunRecord): Map<string, RunRecord> {
  return new Map(state.runs).set(record.id, record);
}

function recordOf(state: State, run: string): RunRecord {
  return state.runs.get(run) ?? blank(run, state.session);
}

function blank(id: string, session: string | null): RunRecord {
  return {
    id,
    session,
    state: null,
    origin: null,
    layers: null,
    snapshots: new Map(),
    details: new Map(),
    recommendations: new Map(),
    findings: new Map(),
    samples: new Map(),
    lost: false,
  };
}
