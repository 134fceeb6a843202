# frozen_string_literal: true

# Verifies webhooks of Harmony. Copy this file; it needs Ruby 2.7 or later and nothing else.

require "json"
require "openssl"

module HarmonyWebhooks
  # Why a delivery was refused. `code` is one of missing_header, timestamp_too_old,
  # timestamp_in_future, signature_mismatch, body_not_raw, invalid_secret and not_json; the message
  # says what to do.
  class WebhookVerificationError < StandardError
    attr_reader :code

    def initialize(code, message)
      super(message)
      @code = code
    end
  end

  RAW_BODY_HELP = "Your framework parsed and re-serialised the body; verify the raw bytes. " \
                  "Rails: request.raw_post. Sinatra and Rack: request.body.read."
  SECRET_FORM =
    %r{\Awhsec_(?:[A-Za-z0-9+/]{4}){8,}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?\z}.freeze
  STANDARD_HEADERS = %w[webhook-id webhook-timestamp webhook-signature].freeze
  BODY_HEADERS = %w[x-harmony-signature x-harmony-signature-next].freeze
  private_constant :RAW_BODY_HELP, :SECRET_FORM, :STANDARD_HEADERS, :BODY_HEADERS

  # Returns the event of an authentic delivery; raises WebhookVerificationError for all else.
  #
  # body:: the raw body, exactly as it came (a String)
  # headers:: in any case: a Hash, Rails' request.headers or a Rack environment
  # secret:: the webhook's secret ("whsec_..."), or an Array of several while you change it
  # tolerance:: seconds that the signed time may differ from now
  # now:: a Time, or Unix seconds
  # require_timestamp:: false also takes a delivery without the webhook-* headers, so that an old one
  #                     can be repeated by leaving them out
  def self.verify_webhook(body, headers, secret, tolerance: 300, now: Time.now,
                          require_timestamp: true)
    secrets = read_secrets(secret)
    bytes = read_body(body)
    given = read_headers(headers)
    # The time is only as good as the signature over it: with one of these headers, all must hold.
    if require_timestamp || STANDARD_HEADERS.any? { |name| given.key?(name) }
      require_headers(given)
      require_signature(:fits_standard?, bytes, given, secrets)
      require_recent(Integer(given["webhook-timestamp"], 10), now.to_f, tolerance)
    else
      unless BODY_HEADERS.any? { |name| given.key?(name) }
        raise missing("#{STANDARD_HEADERS.join(', ')} and x-harmony-signature")
      end
      require_signature(:fits_body_only?, bytes, given, secrets)
    end
    parse_event(bytes)
  end

  class << self
    private

    def read_secrets(secret)
      secrets = Array(secret).map { |one| one.to_s.strip }
      return secrets if secrets.any? && secrets.all? { |one| SECRET_FORM.match?(one) }

      raise WebhookVerificationError.new(
        "invalid_secret",
        "The secret is not whsec_ followed by base64. Give it whole, as Harmony showed it; if it " \
        "is lost, regenerate it on the webhook's page."
      )
    end

    def read_body(body)
      return body.b if body.is_a?(String)

      raise WebhookVerificationError.new("body_not_raw", RAW_BODY_HELP)
    end

    # Rack names a header HTTP_WEBHOOK_ID where HTTP says webhook-id.
    def read_headers(headers)
      headers.each_with_object({}) do |(name, value), given|
        key = name.to_s.downcase.tr("_", "-").delete_prefix("http-")
        next unless STANDARD_HEADERS.include?(key) || BODY_HEADERS.include?(key)

        given[key] = Array(value).join(", ").b.strip
      end
    end

    def missing(what)
      WebhookVerificationError.new(
        "missing_header",
        "The request has no #{what}. Harmony sends them with every event: check that your proxy " \
        "or framework passes them on. A request that never had them is not from Harmony."
      )
    end

    def require_headers(given)
      absent = STANDARD_HEADERS.select { |name| given.fetch(name, "").empty? }
      raise missing(absent.join(", ")) if absent.any?
      return if /\A[0-9]{1,15}\z/.match?(given["webhook-timestamp"])

      raise missing("time in webhook-timestamp (it must be Unix seconds)")
    end

    # Takes as long for a wrong text as for the right one, so guessing teaches nothing.
    def same?(given, expected)
      return false unless given.bytesize == expected.bytesize

      given.bytes.zip(expected.bytes).reduce(0) { |sum, (left, right)| sum | (left ^ right) }.zero?
    end

    # Standard Webhooks 1.0: base64 over "id.timestamp.body"; the key is what follows whsec_.
    def fits_standard?(bytes, given, secrets)
      signed = "#{given['webhook-id']}.#{given['webhook-timestamp']}.".b + bytes
      entries = given["webhook-signature"].split(" ")
      secrets.any? do |secret|
        key = secret.delete_prefix("whsec_").unpack1("m")
        expected = "v1,#{[OpenSSL::HMAC.digest('SHA256', key, signed)].pack('m0')}"
        entries.any? { |entry| same?(entry, expected) }
      end
    end

    # X-Harmony-Signature: hex over the body alone, keyed with the whole secret.
    def fits_body_only?(bytes, given, secrets)
      secrets.any? do |secret|
        expected = OpenSSL::HMAC.hexdigest("SHA256", secret, bytes)
        BODY_HEADERS.any? { |name| same?(given.fetch(name, ""), expected) }
      end
    end

    def require_signature(fits, bytes, given, secrets)
      return if send(fits, bytes, given, secrets)

      if reserialised?(fits, bytes, given, secrets)
        raise WebhookVerificationError.new("body_not_raw", RAW_BODY_HELP)
      end

      raise WebhookVerificationError.new(
        "signature_mismatch",
        if fits_body_only?(bytes, given, secrets)
          "The body is Harmony's, but webhook-id, webhook-timestamp or webhook-signature was " \
          "changed on the way."
        else
          "No signature fits this body and this secret: the secret is another webhook's or has " \
          "been replaced, or the body was changed on the way."
        end
      )
    end

    # Whether the signature fits the body in the compact form in which Harmony wrote it.
    def reserialised?(fits, bytes, given, secrets)
      event = parse_json(bytes)
      !event.nil? && send(fits, JSON.generate(event).b, given, secrets)
    end

    def require_recent(timestamp, now, tolerance)
      # Written so that a `tolerance` that is no number refuses everything.
      unless now - timestamp <= tolerance
        raise WebhookVerificationError.new(
          "timestamp_too_old",
          "The delivery was signed more than #{tolerance} seconds ago: it was repeated or held " \
          "up, or this computer's clock is ahead. Harmony signs every attempt anew."
        )
      end
      return if timestamp - now <= tolerance

      raise WebhookVerificationError.new(
        "timestamp_in_future",
        "The delivery was signed more than #{tolerance} seconds from now: this computer's clock " \
        "is behind. Set it by the network (NTP)."
      )
    end

    # The parsed text, or nil when it is not JSON in UTF-8.
    def parse_json(bytes)
      text = bytes.dup.force_encoding(Encoding::UTF_8)
      text.valid_encoding? ? JSON.parse(text) : nil
    rescue JSON::ParserError
      nil
    end

    def parse_event(bytes)
      event = parse_json(bytes)
      return event if event.is_a?(Hash)

      raise WebhookVerificationError.new("not_json",
                                         "The body is signed, but it is not a JSON object.")
    end
  end
end
