import NIOCore
import NIOHTTPTypes

/// The limits of time that the server library leaves open: how long a body may take to arrive, and how long a
/// reader may take to read an answer. Whoever is slower is cut off.
///
/// How long the first line and headers may take, and how long a connection may idle, the library itself limits.
final class Deadlines: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// Says that the body which is arriving is a form with files that was admitted: it gets the time that so many bytes
    /// need over the slowest line, and must keep half the pace of that line all along.
    struct Admitted: Sendable {
        let bytes: Int
    }

    private let body: TimeAmount
    private let reading: TimeAmount
    /// Bytes a second.
    private let slowest: Int
    private var bodyTimer: Scheduled<Void>?
    private var readingTimer: Scheduled<Void>?
    /// Bytes that came since the pace was last looked at, where it is.
    private var arrived = 0

    init(body: TimeAmount, reading: TimeAmount, slowest: Int) {
        (self.body, self.reading, self.slowest) = (body, reading, max(1, slowest))
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head: bodyTimer = closing(context, in: body)
        case .body(let part): arrived += part.readableBytes
        case .end: stop(&bodyTimer)
        }
        context.fireChannelRead(data)
    }

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        guard let admitted = event as? Admitted else {
            return context.triggerUserOutboundEvent(event, promise: promise)
        }
        // Where all of it is here already, there is nothing to wait for.
        if bodyTimer != nil {
            stop(&bodyTimer)
            let seconds = Int64(clamping: admitted.bytes / slowest)
            watch(context, until: .now() + body + .seconds(seconds))
        }
        promise?.succeed()
    }

    /// Closes at the deadline, or as soon as less than half of what the slowest line carries has come in the time that
    /// a form without files has in all: whoever is admitted cannot hold the room for many bytes by sending few.
    private func watch(_ context: ChannelHandlerContext, until deadline: NIODeadline) {
        arrived = 0
        let least = Int(clamping: body.nanoseconds / 1_000_000_000) * (slowest / 2)
        let left = deadline - .now()
        let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
        bodyTimer = context.eventLoop.scheduleTask(in: min(body, left)) {
            let (handler, context) = bound.value
            guard handler.arrived >= least, deadline > .now() else { return context.close(promise: nil) }
            handler.watch(context, until: deadline)
        }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if readingTimer == nil { readingTimer = closing(context, in: reading) }
        guard case .end = unwrapOutboundIn(data) else { return context.write(data, promise: promise) }
        let sent = promise ?? context.eventLoop.makePromise(of: Void.self)
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        sent.futureResult.whenComplete { _ in bound.value.stop(&bound.value.readingTimer) }
        context.write(data, promise: sent)
    }

    func channelInactive(context: ChannelHandlerContext) {
        stop(&bodyTimer)
        stop(&readingTimer)
        context.fireChannelInactive()
    }

    private func closing(_ context: ChannelHandlerContext, in time: TimeAmount) -> Scheduled<Void> {
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        return context.eventLoop.scheduleTask(in: time) { bound.value.close(promise: nil) }
    }

    private func stop(_ timer: inout Scheduled<Void>?) {
        timer?.cancel()
        timer = nil
    }
}
