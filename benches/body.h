/* The body of the request, for those who send one that is ready-made. */
#define BODY \
    "{\"workflowIdentifier\":\"reset_password\",\"variables\":{\"notifyBy\":\"email\"," \
    "\"userName\":\"jdoe\"},\"initiatorContactId\":4021,\"initiatorApplicationId\":-4," \
    "\"initiationInfo\":{\"ticketIdentifier\":\"100-1\"}}"
