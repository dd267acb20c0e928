"""What Redis does in one step: change a state, keep words, and raise exactly one event.

All keys of a conversation get the lifetime that its record has left, and nothing is written when
the record is gone. Each script gives a short code back:

ok       done
same     it was so already (asked twice, delivered twice): nothing changes, nothing is told
refused  not in this state
taken    somebody else holds it
gone     the conversation is over
"""

from __future__ import annotations

# What several conversations share (queue, outboxes) lives a little longer than the longest of them.
# KEYS: record, state, words, mailbox, address, index, queue, live, receipt, bell, desk bell,
# outboxes … The receipt holds the code of an incoming event, so that its replay gets the same.
_DAY = "local day = 25 * 3600 * 1000\n"
_HEAD = (
    _DAY
    + """
local lasting = tonumber(ARGV[1])
local now = tonumber(ARGV[2])
if lasting > 0 then
  local before = redis.call('GET', KEYS[9])
  if before then return {before, '', ''} end
end
local function done(code, entry)
  if lasting > 0 then redis.call('SET', KEYS[9], code, 'PX', lasting) end
  return {code, redis.call('HGET', KEYS[2], 'state') or 'none', entry or ''}
end
local left = redis.call('PTTL', KEYS[1])
if left <= 0 then return done('gone') end
local state = redis.call('HGET', KEYS[2], 'state') or 'none'
local holder = redis.call('HGET', KEYS[2], 'alias') or ''
local current = redis.call('HGET', KEYS[2], 'id') or ''
local function raise(kind, id, body, name)
  for i = 12, #KEYS do
    redis.call('XADD', KEYS[i], '*', 'id', id, 'type', kind, 'handoff', name, 'body', body,
      'until', string.format('%.0f', now + left))
    redis.call('PEXPIRE', KEYS[i], day)
  end
end
local function post(first, count)
  for i = first, first + count - 1 do
    redis.call('XADD', KEYS[4], 'MAXLEN', '~', 200, '*', 's', ARGV[i])
  end
end
local function live_on()
  -- Not the address (5), which has a shorter life of its own.
  for _, i in ipairs({2, 3, 4, 6}) do redis.call('PEXPIRE', KEYS[i], left) end
  redis.call('PUBLISH', KEYS[10], '')
  redis.call('PUBLISH', KEYS[11], '')
end
"""
)

# ARGV: receipt's lifetime (ms, 0 for none), now (ms), verb, handoff id, the id that must be
# current, origins ",a,b,", target, alias, guard's field and value, event's type, id and body,
# score in the queue, the live entry, number of fields, of letters, the conversation, number of
# words; fields and values; letters; words (said before the yes and passed on with it).
MOVE = (
    _HEAD
    + """
local verb, name, expected, origins, target = ARGV[3], ARGV[4], ARGV[5], ARGV[6], ARGV[7]
local alias, guard, wanted, kind = ARGV[8], ARGV[9], ARGV[10], ARGV[11]
local fields, letters, words = tonumber(ARGV[16]), tonumber(ARGV[17]), tonumber(ARGV[19])
if expected ~= current then return done('refused') end
if state == target then
  if alias == '' or alias == holder then return done('same') end
  return done('taken')
end
if not string.find(origins, ',' .. state .. ',', 1, true) then return done('refused') end
if alias ~= '' and verb ~= 'claim' and alias ~= holder then return done('taken') end
if guard ~= '' and (redis.call('HGET', KEYS[2], guard) or '') ~= wanted then
  return done('refused')
end
local spoke = redis.call('HGET', KEYS[2], 'spoke')
if verb == 'request' then
  redis.call('DEL', KEYS[2], KEYS[3], KEYS[5])
  redis.call('SET', KEYS[6], ARGV[18])
end
for i = 20, 19 + 2 * fields, 2 do redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 1]) end
redis.call('HSET', KEYS[2], 'state', target)
if target == 'waiting' then
  redis.call('HSET', KEYS[2], 'since', ARGV[2], 'sign', ARGV[2])
  redis.call('ZADD', KEYS[7], redis.call('HGET', KEYS[2], 'score'), name)
  redis.call('HSET', KEYS[8], name, ARGV[15])
  redis.call('PEXPIRE', KEYS[7], day)
  redis.call('PEXPIRE', KEYS[8], day)
else
  redis.call('ZREM', KEYS[7], name)
end
if verb == 'claim' then redis.call('HSET', KEYS[2], 'alias', alias, 'claimed', ARGV[2]) end
if verb == 'release' then redis.call('HDEL', KEYS[2], 'alias', 'claimed', 'spoke') end
if target ~= 'waiting' and target ~= 'active' then
  redis.call('DEL', KEYS[3], KEYS[5])
  redis.call('HDEL', KEYS[8], name)
  for _, field in ipairs(redis.call('HKEYS', KEYS[2])) do
    if string.sub(field, 1, 2) == 'k:' or field == 'facts' then
      redis.call('HDEL', KEYS[2], field)
    end
  end
  redis.call('HDEL', KEYS[2], 'spoke')
  if spoke then redis.call('HSET', KEYS[2], 'human', '1') end
end
if kind ~= '' then raise(kind, ARGV[12], ARGV[13], name) end
post(20 + 2 * fields, letters)
local entries = {}
for i = 20 + 2 * fields + letters, 19 + 2 * fields + letters + words do
  entries[#entries + 1] = redis.call('XADD', KEYS[3], '*', 's', ARGV[i])
end
live_on()
return done('ok', table.concat(entries, ' '))
"""
)

# ARGV: receipt's lifetime, now, who speaks (visitor, assistant, counsellor), handoff id, alias,
# event's type, id and body, number of words, of letters; words; letters. The answer holds the
# entries of the words. A human's first word takes the floor here; a word of the assistant that
# comes while a human has the conversation is "taken": the caller drops it.
SAY = (
    _HEAD
    + """
local who, name, alias = ARGV[3], ARGV[4], ARGV[5]
local words, letters = tonumber(ARGV[9]), tonumber(ARGV[10])
if current ~= name then return done('refused') end
if state ~= 'waiting' and state ~= 'active' then return done('refused') end
if who == 'counsellor' then
  if state ~= 'active' then return done('refused') end
  if holder ~= alias then return done('taken') end
  redis.call('HSET', KEYS[2], 'spoke', '1')
elseif who == 'assistant' and state == 'active' then
  return done('taken')
end
local entries = {}
for i = 11, 10 + words do
  entries[#entries + 1] = redis.call('XADD', KEYS[3], 'MAXLEN', '~', 400, '*', 's', ARGV[i])
end
post(11 + words, letters)
if who == 'visitor' then
  redis.call('HSET', KEYS[2], 'heard', ARGV[2])
  if state == 'active' then raise(ARGV[6], ARGV[7], ARGV[8], name) end
end
live_on()
return done('ok', table.concat(entries, ' '))
"""
)

# KEYS: record, state, words, mailbox. ARGV: what the index key begins with. All there is to know;
# everything that belongs to the conversation lives as long as its record.
VIEW = """
local left = redis.call('PTTL', KEYS[1])
if left <= 0 then return false end
for i = 2, 4 do redis.call('PEXPIRE', KEYS[i], left) end
local name = redis.call('HGET', KEYS[2], 'id')
if name then redis.call('PEXPIRE', ARGV[1] .. name, left) end
return redis.call('HGETALL', KEYS[2])
"""

# KEYS: record, state, mailbox, bell, desk bell. ARGV: the handoff's id, field, value that must
# stand there, new value, number of further fields, fields and values, letters. Says "ok" to one
# of several gateways only.
MARK = """
local left = redis.call('PTTL', KEYS[1])
if left <= 0 or redis.call('HGET', KEYS[2], 'id') ~= ARGV[1] then return 'gone' end
if (redis.call('HGET', KEYS[2], ARGV[2]) or '') ~= ARGV[3] then return 'same' end
redis.call('HSET', KEYS[2], ARGV[2], ARGV[4])
local fields = tonumber(ARGV[5])
for i = 6, 5 + 2 * fields, 2 do redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 1]) end
for i = 6 + 2 * fields, #ARGV do
  redis.call('XADD', KEYS[3], 'MAXLEN', '~', 200, '*', 's', ARGV[i])
  redis.call('PEXPIRE', KEYS[3], left)
end
redis.call('PEXPIRE', KEYS[2], left)
redis.call('PUBLISH', KEYS[4], '')
redis.call('PUBLISH', KEYS[5], '')
return 'ok'
"""

# KEYS: record, state, queue, desk bell. ARGV: handoff id, risk, score, urgent. Danger seen while
# somebody waits or speaks: the place in the queue follows; risk only rises.
ALARM = """
if redis.call('HGET', KEYS[2], 'id') ~= ARGV[1] then return 0 end
local state = redis.call('HGET', KEYS[2], 'state')
if state ~= 'waiting' and state ~= 'active' then return 0 end
if tonumber(redis.call('HGET', KEYS[2], 'score')) <= tonumber(ARGV[3]) then return 0 end
redis.call('HSET', KEYS[2], 'risk', ARGV[2], 'score', ARGV[3], 'urgent', ARGV[4])
if state == 'waiting' then redis.call('ZADD', KEYS[3], ARGV[3], ARGV[1]) end
redis.call('PUBLISH', KEYS[4], '')
return 1
"""

# KEYS: live, index, queue, desk bell, outboxes … ARGV: handoff id, event's type, id, body, until.
# A conversation that died without a word (its time ran out) is told once.
BURY = (
    _DAY
    + """
if redis.call('EXISTS', KEYS[2]) == 1 then return 0 end
if redis.call('HDEL', KEYS[1], ARGV[1]) == 0 then return 0 end
redis.call('ZREM', KEYS[3], ARGV[1])
for i = 5, #KEYS do
  redis.call('XADD', KEYS[i], '*', 'id', ARGV[3], 'type', ARGV[2], 'handoff', ARGV[1],
    'body', ARGV[4], 'until', ARGV[5])
  redis.call('PEXPIRE', KEYS[i], day)
end
redis.call('PUBLISH', KEYS[4], '')
return 1
"""
)

# KEYS: address, state. ARGV: handoff id, sealed, milliseconds to keep it.
GIVE_ADDRESS = """
if redis.call('HGET', KEYS[2], 'id') ~= ARGV[1] then return 0 end
if redis.call('HGET', KEYS[2], 'state') ~= 'active' then return 0 end
if redis.call('HGET', KEYS[2], 'address') ~= '1' then return 0 end
local left = math.min(redis.call('PTTL', KEYS[2]), tonumber(ARGV[3]))
redis.call('SET', KEYS[1], ARGV[2], 'PX', left)
return 1
"""
