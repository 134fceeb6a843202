# frozen_string_literal: true

# A receiver of Harmony's webhooks on Ruby 2.7 or later, with verify_webhook.rb beside it:
#
#   HARMONY_WEBHOOK_SECRET=whsec_... PORT=8787 ruby receiver.rb
#
# While you change the secret, give both with a comma between them. Ruby brings no web server, so
# the lower half speaks just enough HTTP; in Rails or Sinatra you need `receive` only.

require "json"
require "socket"
require "timeout"
require_relative "verify_webhook"

SECRETS = ENV.fetch("HARMONY_WEBHOOK_SECRET", "").split(/[\s,]+/).reject(&:empty?)
BODY_BYTES_MAX = 1_048_576
REMEMBERED_MAX = 10_000
# Deliveries that are done, oldest first. In production: a table with a unique column.
DONE = {}
LOCK = Mutex.new
$stdout.sync = true

# Put your work here. Keep it short: store the event, answer, and do what takes long afterwards.
def handle(event, delivery_id)
  puts [event["event"], event["id"], delivery_id, JSON.generate(event["data"])].join(" ")
end

# Harmony sends a delivery again when its answer was lost; it then has the same webhook-id.
def handle_once(event, delivery_id)
  LOCK.synchronize do
    next if DONE.key?(delivery_id)

    handle(event, delivery_id)
    DONE[delivery_id] = true
    DONE.shift if DONE.size > REMEMBERED_MAX
  end
end

# The status and the text of the answer. Harmony shows the text in its log, so say why.
def receive(headers, body)
  # The test of an address, before it is saved, cannot be signed: answer, and do nothing with it.
  return [204, ""] if headers["x-harmony-test"] == "true" && !headers["webhook-signature"]

  event = HarmonyWebhooks.verify_webhook(body, headers, SECRETS)
  handle_once(event, headers["webhook-id"])
  [204, ""]
rescue HarmonyWebhooks::WebhookVerificationError => e
  warn "refused: #{e.code}"
  [400, "#{e.code}: #{e.message}"]
rescue StandardError => e
  warn e.full_message
  [500, "The event could not be handled."] # Anything but 2xx makes Harmony try again.
end

class BadRequest < StandardError; end
class TooLarge < StandardError; end

def read_headers(socket)
  headers = {}
  100.times do
    line = socket.gets("\r\n", 8192).to_s
    return headers if line == "\r\n"

    name, value = line.split(":", 2)
    raise BadRequest, "A header is broken off." unless value&.end_with?("\r\n")

    headers[name.strip.downcase] = value.strip
  end
  raise BadRequest, "The request has too many headers."
end

# The bytes as they came: the signature is over them.
def read_body(socket, headers)
  return read_chunks(socket) if headers["transfer-encoding"].to_s.downcase == "chunked"

  length = headers.fetch("content-length", "0")
  raise BadRequest, "Content-Length is not a number." unless /\A[0-9]{1,15}\z/.match?(length)
  raise TooLarge if Integer(length, 10) > BODY_BYTES_MAX

  socket.read(Integer(length, 10)).to_s
end

def read_chunks(socket)
  body = +"".b
  loop do
    size = socket.gets("\r\n", 256).to_s[/\A[0-9a-fA-F]{1,8}(?=[;\s])/]
    raise BadRequest, "A chunk has no size." unless size
    break if size.hex.zero?
    raise TooLarge if body.bytesize + size.hex > BODY_BYTES_MAX

    body << socket.read(size.hex).to_s
    socket.gets("\r\n", 8)
  end
  nil until socket.gets("\r\n", 8192).to_s.strip.empty?
  body
end

REASONS = { 204 => "No Content", 400 => "Bad Request", 405 => "Method Not Allowed",
            413 => "Content Too Large", 500 => "Internal Server Error" }.freeze

def answer(socket, status, text)
  head = ["HTTP/1.1 #{status} #{REASONS.fetch(status)}", "connection: close"]
  unless status == 204
    head += ["content-type: text/plain; charset=utf-8", "content-length: #{text.bytesize}"]
  end
  socket.write(head.join("\r\n"), "\r\n\r\n", text)
  socket.close_write
end

# Lets what is still coming come for a moment, so that the sender reads the answer.
def discard(socket)
  64.times { socket.readpartial(65_536) }
rescue EOFError, SystemCallError
  nil
end

def serve(socket)
  method = socket.gets("\r\n", 8192).to_s.split(" ").first
  headers = read_headers(socket)
  return answer(socket, 405, "Events come as POST.") unless method == "POST"

  answer(socket, *receive(headers, read_body(socket, headers)))
rescue BadRequest => e
  answer(socket, 400, e.message)
rescue TooLarge
  answer(socket, 413, "A body has at most #{BODY_BYTES_MAX} bytes.")
end

server = TCPServer.new("127.0.0.1", Integer(ENV.fetch("PORT", "8787")))
puts "Listening on http://127.0.0.1:#{server.addr[1]}"
loop do
  Thread.new(server.accept) do |socket|
    Timeout.timeout(10) do
      serve(socket)
      discard(socket)
    end
  rescue Timeout::Error, SystemCallError
    nil # The sender is gone or too slow; Harmony tries again.
  ensure
    socket.close
  end
end
