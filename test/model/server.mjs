#!/usr/bin/env node
// A scripted model for tests: agent CLIs talk to it on loopback, a scenario decides what "the model" says.
//
//   node server.mjs --scenario FILE [--port-file FILE] [--log FILE] [--parent-pid PID]
//
// It takes a free port of 127.0.0.1, writes it to --port-file and prints it. It ends with its parent.
// It speaks the Anthropic Messages API, the OpenAI Responses and Chat Completions APIs and Gemini's, streamed and
// whole. README.md beside this file describes scenarios. Node 18 or newer, no packages.
import fs from 'node:fs';
import http from 'node:http';

const options = readArguments(process.argv.slice(2));
const scenario = readScenario(options.scenario);
const answered = new Map(); // rule -> how often it was used
let requests = 0;

// ---------------------------------------------------------------- the scenario

function readArguments(words) {
  const known = ['--scenario', '--port-file', '--log', '--parent-pid'];
  const read = {};
  for (let i = 0; i < words.length; i += 2) {
    if (!known.includes(words[i]) || words[i + 1] === undefined) {
      console.error(`model: ${words[i]}: expected ${known.join(', ')}, each with a value`);
      process.exit(2);
    }
    read[words[i].slice(2)] = words[i + 1];
  }
  if (!read.scenario) {
    console.error('model: --scenario FILE is missing');
    process.exit(2);
  }
  return read;
}

function readScenario(file) {
  const read = JSON.parse(fs.readFileSync(file, 'utf8'));
  for (const [i, rule] of (read.rules ?? []).entries()) {
    rule.name ??= `rule ${i + 1}`;
    if (typeof rule.prompt !== 'string' || !Array.isArray(rule.turns) || rule.turns.length === 0) {
      console.error(`model: ${file}: ${rule.name} needs "prompt" and "turns"`);
      process.exit(2);
    }
  }
  return { rules: [], usage: {}, ...read };
}

// The answer to a conversation: the first rule whose words occur in the prompt, at the turn that the number
// of tool results since the prompt says. Nothing is kept for it here, so one server serves many agents.
function answerFor(talk) {
  for (const rule of scenario.rules) {
    if (!talk.prompt.includes(rule.prompt)) continue;
    const used = answered.get(rule) ?? 0;
    if (rule.times !== undefined && used >= rule.times) continue;
    answered.set(rule, used + 1);
    return { rule: rule.name, ...rule.turns[Math.min(talk.turn, rule.turns.length - 1)] };
  }
  return { rule: null, text: 'No rule of the scenario fits this prompt.' };
}

// ---------------------------------------------------------------- the dialects

// Each reduces a request to {prompt, turn, tools, model, stream, aside}; `aside` marks the small requests a
// CLI makes for titles and the like, which offer no tools.
const dialects = {
  messages: {
    read(body) {
      const turns = [];
      for (const message of body.messages ?? []) {
        const parts = typeof message.content === 'string' ? [{ type: 'text', text: message.content }] : message.content ?? [];
        if (message.role !== 'user') continue;
        if (parts.some((part) => part.type === 'tool_result')) turns.push({ tool: true });
        else turns.push({ text: parts.map((part) => part.text ?? '').join('\n') });
      }
      return talkOf(body, turns, (body.tools ?? []).map((tool) => tool.name));
    },
    frames(reply, talk) {
      const content = [];
      if (reply.text) content.push({ type: 'text', text: reply.text });
      for (const call of reply.calls) content.push({ type: 'tool_use', id: name('toolu_'), name: call.name, input: call.input });
      const stop_reason = reply.calls.length > 0 ? 'tool_use' : 'end_turn';
      const usage = {
        input_tokens: reply.usage.input, output_tokens: reply.usage.output,
        cache_creation_input_tokens: 0, cache_read_input_tokens: reply.usage.cached,
      };
      const whole = { id: name('msg_'), type: 'message', role: 'assistant', model: talk.model, content, stop_reason, stop_sequence: null, usage };
      const frames = [event('message_start', { message: { ...whole, content: [], stop_reason: null, usage: { ...usage, output_tokens: 1 } } })];
      content.forEach((block, index) => {
        const text = block.type === 'text';
        frames.push(event('content_block_start', { index, content_block: text ? { type: 'text', text: '' } : { ...block, input: {} } }));
        const delta = text ? { type: 'text_delta', text: block.text } : { type: 'input_json_delta', partial_json: JSON.stringify(block.input) };
        frames.push(event('content_block_delta', { index, delta }), event('content_block_stop', { index }));
      });
      frames.push(event('message_delta', { delta: { stop_reason, stop_sequence: null }, usage: { output_tokens: usage.output_tokens } }));
      frames.push(event('message_stop', {}));
      return { frames, whole };
    },
    fault(kind) {
      const [status, type, message] = {
        limit: [429, 'rate_limit_error', 'Too many requests for the scenario.'],
        server: [500, 'api_error', 'The scenario says no.'],
        login: [401, 'authentication_error', 'The scenario knows no such key.'],
      }[kind];
      return { status, body: { type: 'error', error: { type, message } } };
    },
  },

  responses: {
    read(body) {
      const turns = [];
      const items = typeof body.input === 'string' ? [{ role: 'user', content: body.input }] : body.input ?? [];
      for (const item of items) {
        if ((item.type ?? '').endsWith('_call_output')) turns.push({ tool: true });
        else if (item.role === 'user') turns.push({ text: textOf(item.content) });
      }
      return talkOf(body, turns, (body.tools ?? []).map((tool) => tool.name ?? tool.type));
    },
    frames(reply, talk) {
      const output = [];
      if (reply.text) {
        const content = [{ type: 'output_text', text: reply.text, annotations: [] }];
        output.push({ type: 'message', id: name('msg_'), role: 'assistant', status: 'completed', content });
      }
      for (const call of reply.calls) {
        output.push({ type: 'function_call', id: name('fc_'), call_id: name('call_'), status: 'completed', name: call.name, arguments: JSON.stringify(call.input) });
      }
      const { input, cached, output: written } = reply.usage;
      const usage = {
        input_tokens: input + cached, input_tokens_details: { cached_tokens: cached },
        output_tokens: written, output_tokens_details: { reasoning_tokens: 0 }, total_tokens: input + cached + written,
      };
      const begun = { id: name('resp_'), object: 'response', created_at: seconds(), model: talk.model, status: 'in_progress', output: [] };
      const whole = { ...begun, status: 'completed', output, usage };
      const frames = [event('response.created', { response: begun })];
      output.forEach((item, output_index) => {
        frames.push(event('response.output_item.added', { output_index, item }));
        if (item.type === 'message') {
          frames.push(event('response.output_text.delta', { item_id: item.id, output_index, content_index: 0, delta: reply.text }));
        }
        frames.push(event('response.output_item.done', { output_index, item }));
      });
      frames.push(event('response.completed', { response: whole }));
      return { frames, whole };
    },
    fault(kind) {
      const [status, code, message] = {
        limit: [429, 'rate_limit_exceeded', 'Too many requests for the scenario.'],
        server: [500, 'server_error', 'The scenario says no.'],
        login: [401, 'invalid_api_key', 'The scenario knows no such key.'],
      }[kind];
      return { status, body: { error: { message, type: code, param: null, code } } };
    },
  },

  chat: {
    read(body) {
      const turns = [];
      for (const message of body.messages ?? []) {
        if (message.role === 'tool') turns.push({ tool: true });
        else if (message.role === 'user') turns.push({ text: textOf(message.content) });
      }
      return talkOf(body, turns, (body.tools ?? []).map((tool) => tool.function?.name ?? tool.type));
    },
    frames(reply, talk) {
      const { input, cached, output: written } = reply.usage;
      const usage = {
        prompt_tokens: input + cached, completion_tokens: written, total_tokens: input + cached + written,
        prompt_tokens_details: { cached_tokens: cached },
      };
      const base = { id: name('chatcmpl-'), created: seconds(), model: talk.model };
      const tool_calls = reply.calls.map((call) => (
        { id: name('call_'), type: 'function', function: { name: call.name, arguments: JSON.stringify(call.input) } }));
      const finish_reason = tool_calls.length > 0 ? 'tool_calls' : 'stop';
      const chunk = (choices, rest = {}) => data({ ...base, object: 'chat.completion.chunk', choices, ...rest });
      const frames = [chunk([{ index: 0, delta: { role: 'assistant', content: reply.text }, finish_reason: null }])];
      tool_calls.forEach((call, index) => {
        frames.push(chunk([{ index: 0, delta: { tool_calls: [{ index, ...call }] }, finish_reason: null }]));
      });
      frames.push(chunk([{ index: 0, delta: {}, finish_reason }]), chunk([], { usage }), 'data: [DONE]\n\n');
      const message = { role: 'assistant', content: reply.text || null, ...(tool_calls.length > 0 ? { tool_calls } : {}) };
      return { frames, whole: { ...base, object: 'chat.completion', choices: [{ index: 0, message, finish_reason }], usage } };
    },
    fault: (kind) => dialects.responses.fault(kind),
  },

  gemini: {
    read(body, path) {
      const turns = [];
      for (const content of body.contents ?? []) {
        if (content.role === 'model') continue;
        const parts = content.parts ?? [];
        if (parts.some((part) => part.functionResponse)) turns.push({ tool: true });
        else turns.push({ text: textOf(parts) });
      }
      const tools = (body.tools ?? []).flatMap((tool) => (tool.functionDeclarations ?? []).map((one) => one.name));
      const [, model, method] = /models\/([^:/]+):(\w+)$/.exec(path) ?? [];
      return talkOf({ model, stream: method === 'streamGenerateContent' }, turns, tools);
    },
    frames(reply, talk) {
      const { input, cached, output: written } = reply.usage;
      const usageMetadata = {
        promptTokenCount: input + cached, cachedContentTokenCount: cached, candidatesTokenCount: written,
        totalTokenCount: input + cached + written,
      };
      const parts = reply.text || reply.calls.length === 0 ? [{ text: reply.text }] : [];
      for (const call of reply.calls) parts.push({ functionCall: { id: name('fc'), name: call.name, args: call.input } });
      const whole = {
        candidates: [{ index: 0, content: { role: 'model', parts }, finishReason: 'STOP' }],
        usageMetadata, modelVersion: talk.model, responseId: name('r'),
      };
      return { frames: [data(whole)], whole };
    },
    fault(kind, turn) {
      const [status, word, message, details] = {
        limit: [429, 'RESOURCE_EXHAUSTED', 'You exceeded your current quota.', [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: `${turn.retry_after ?? 1}s` }]],
        server: [500, 'INTERNAL', 'The scenario says no.', []],
        login: [400, 'INVALID_ARGUMENT', 'API key not valid. Please pass a valid API key.', [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID', domain: 'googleapis.com' }]],
      }[kind];
      return { status, body: { error: { code: status, message, status: word, details } } };
    },
  },
};

// The prompt is the last text of a person; what CLIs put around it (reminders, the environment) is not.
function talkOf(body, turns, tools) {
  const said = turns.map((turn) => (turn.tool ? '' : plain(turn.text)));
  let at = said.length - 1;
  while (at >= 0 && said[at] === '') --at;
  const turn = turns.slice(at + 1).filter((one) => one.tool).length;
  return { prompt: said[at] ?? '', turn, tools, model: body.model ?? '', stream: body.stream === true, aside: tools.length === 0 };
}

function plain(text) {
  return text.replace(/<(system-reminder|environment_context|user_instructions|permissions instructions)>[\s\S]*?<\/\1>/g, '').trim();
}

function textOf(content) {
  if (typeof content === 'string') return content;
  return (content ?? []).map((part) => part.text ?? '').join('\n');
}

function event(type, rest) {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...rest })}\n\n`;
}

function data(rest) {
  return `data: ${JSON.stringify(rest)}\n\n`;
}

let names = 0;
function name(prefix) {
  return `${prefix}${String(++names).padStart(12, '0')}`;
}

function seconds() {
  return Math.floor(Date.now() / 1000);
}

// ---------------------------------------------------------------- tools

// {"run": command} and {"write": {"path", "content"}} become calls of the tool this client offers.
function callsOf(turn, tools) {
  return (turn.tools ?? []).map((tool) => {
    if (tool.run !== undefined) return shellCall(tool.run, tools);
    const { path, content } = tool.write;
    if (tools.includes('Write')) return { name: 'Write', input: { file_path: path, content } };
    if (tools.includes('write')) return { name: 'write', input: { filePath: path, content } };
    // gemini and qwen refuse commands with $(...) in them.
    const folder = path.includes('/') ? `mkdir -p ${quoted(path.slice(0, path.lastIndexOf('/')))} && ` : '';
    return shellCall(`${folder}printf %s ${quoted(content)} > ${quoted(path)}`, tools);
  });
}

function shellCall(command, tools) {
  if (tools.includes('Bash')) return { name: 'Bash', input: { command, description: 'scripted' } };
  if (tools.includes('bash')) return { name: 'bash', input: { command, description: 'scripted' } };
  if (tools.includes('run_shell_command')) {
    return { name: 'run_shell_command', input: { command, description: 'scripted', is_background: false } };
  }
  if (tools.includes('exec_command')) return { name: 'exec_command', input: { cmd: command } };
  if (tools.includes('shell_command')) return { name: 'shell_command', input: { command } };
  if (tools.includes('shell')) return { name: 'shell', input: { command: ['bash', '-lc', command] } };
  throw new Error(`the client offers no shell among ${tools.join(' ')}`);
}

function quoted(text) {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

// ---------------------------------------------------------------- the server

function log(record) {
  if (options.log) fs.appendFileSync(options.log, `${JSON.stringify(record)}\n`);
}

function send(response, status, body, headers = {}) {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

async function bodyOf(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  try {
    return JSON.parse(Buffer.concat(parts).toString('utf8'));
  } catch {
    return {};
  }
}

function dialectOf(path) {
  if (path.endsWith('/messages')) return 'messages';
  if (path.endsWith('/chat/completions')) return 'chat';
  if (/:(generateContent|streamGenerateContent)$/.test(path)) return 'gemini';
  return path.endsWith('/responses') ? 'responses' : null;
}

function other(request, response, path, body) {
  if (request.method === 'HEAD' || path === '/') return send(response, 200, {});
  if (path.endsWith(':countTokens')) return send(response, 200, { totalTokens: Math.ceil(JSON.stringify(body).length / 4) });
  if (path.endsWith('/count_tokens')) return send(response, 200, { input_tokens: Math.ceil(JSON.stringify(body).length / 4) });
  if (path.endsWith('/models')) return send(response, 200, { object: 'list', data: [], models: [] });
  return send(response, 404, { error: { type: 'not_found_error', message: `no such path: ${path}` } });
}

async function answer(request, response) {
  const path = new URL(request.url, 'http://127.0.0.1').pathname;
  const body = await bodyOf(request);
  const number = ++requests;
  const kind = request.method === 'POST' ? dialectOf(path) : null;
  if (!kind) {
    log({ number, method: request.method, path });
    return other(request, response, path, body);
  }
  const dialect = dialects[kind];
  const talk = dialect.read(body, path);
  const turn = talk.aside ? { rule: 'aside', text: 'ok' } : answerFor(talk);
  const record = { number, path, rule: turn.rule, turn: talk.turn, prompt: talk.prompt.slice(0, 200), tools: talk.tools };
  if (turn.fault === 'hang') return log({ ...record, outcome: 'hang' });
  if (turn.fault) {
    const { status, body: told } = dialect.fault(turn.fault, turn);
    log({ ...record, outcome: turn.fault, status });
    return send(response, status, told, turn.retry_after === undefined ? {} : { 'retry-after': String(turn.retry_after) });
  }
  const counted = talk.aside ? { input: 0, output: 0, cached: 0 } : scenario.usage;
  const usage = { input: 1000, output: 50, cached: 0, ...counted, ...turn.usage };
  const reply = { text: turn.text ?? '', calls: callsOf(turn, talk.tools), usage };
  const { frames, whole } = dialect.frames(reply, talk);
  log({ ...record, outcome: 'answered', calls: reply.calls.map((call) => call.name) });
  if (!talk.stream) return send(response, 200, whole);
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  for (const frame of frames) response.write(frame);
  response.end();
}

const server = http.createServer((request, response) => {
  answer(request, response).catch((error) => {
    log({ outcome: 'error', error: String(error) });
    if (response.headersSent) response.destroy();
    else send(response, 500, { error: { type: 'api_error', message: String(error) } });
  });
});
// Clients that ask for a web socket first are told to go on without.
server.on('upgrade', (request, socket) => {
  log({ number: ++requests, path: request.url, outcome: 'no upgrade' });
  socket.end('HTTP/1.1 426 Upgrade Required\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
});
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address();
  const file = options['port-file'];
  if (file) {
    fs.writeFileSync(`${file}.new`, `${port}\n`);
    fs.renameSync(`${file}.new`, file);
  }
  console.log(port);
});
if (options['parent-pid']) {
  const parent = Number(options['parent-pid']);
  setInterval(() => {
    try {
      process.kill(parent, 0);
    } catch {
      process.exit(0);
    }
  }, 500).unref();
}
